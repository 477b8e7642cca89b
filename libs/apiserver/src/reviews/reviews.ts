import { schemaOfKind, trackUpdate } from '@kubephant/schema';
import { invalid, badRequest, type Cause, type KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import { methodNotAllowed, type Authenticated, type Authorizer, type Reply } from '@kubephant/serving';
import type { TokenAuthenticator } from '../authentication/authenticate';
import type { Rbac } from '../authorization/rbac';
import type { DiscoveredResource } from '../discovery/resources';
import { readBody } from '../registry/body';
import { writeOptions } from '../registry/options';
import { acceptInput, metadataOf } from '../registry/respond';
import { reviewAccess, reviewLocalAccess, reviewOwnAccess } from './access';
import { reviewRules } from './own-rules';
import { reviewSubject } from './subject';
import { reviewToken } from './token';

export interface ReviewDependencies {
  readonly authorizer: Authorizer;
  readonly rbac: Rbac;
  readonly tokens: TokenAuthenticator;
  readonly audiences: readonly string[];
  readonly clock: Clock;
}

/** Answers a review: what is returned is the object with its status. Nothing is stored. */
export type Review<T extends KubeObject = KubeObject> = (
  input: T,
  req: Authenticated,
  deps: ReviewDependencies,
) => Promise<object>;

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly review: Review;
}

const authentication = 'authentication.k8s.io';
const authorization = 'authorization.k8s.io';
const kind = <T extends KubeObject>(group: string, name: string, review: Review<T>, namespaced = false): Kind => ({
  group,
  kind: name,
  namespaced,
  review: review as unknown as Review,
});

const kinds: readonly Kind[] = [
  kind(authentication, 'SelfSubjectReview', reviewSubject),
  kind(authentication, 'TokenReview', reviewToken),
  kind(authorization, 'LocalSubjectAccessReview', reviewLocalAccess, true),
  kind(authorization, 'SelfSubjectAccessReview', reviewOwnAccess),
  kind(authorization, 'SelfSubjectRulesReview', reviewRules),
  kind(authorization, 'SubjectAccessReview', reviewAccess),
];

const pluralOf = (name: string): string => `${name.toLowerCase()}s`;
const byResource = new Map(kinds.map((one) => [`${one.group}/v1/${pluralOf(one.kind)}`, one]));

/** How discovery describes the reviews. */
export const reviewResources: readonly DiscoveredResource[] = kinds.map(({ group, kind: name, namespaced }) => ({
  group,
  version: 'v1',
  kind: name,
  plural: pluralOf(name),
  singular: name.toLowerCase(),
  namespaced,
  verbs: ['create'],
  short: [],
  categories: [],
  subresources: [],
}));

/** Serves the review resources; undefined for requests to others. */
export function newReviews(deps: ReviewDependencies): (req: Authenticated) => Promise<Reply> | undefined {
  return (req) => {
    const { group, version, resource, name, subresource, namespace } = req.info;
    const one = byResource.get(`${group}/${version}/${resource}`);
    if (!one || name || subresource || one.namespaced !== (namespace !== undefined)) return undefined;
    return answer(one, req, deps);
  };
}

async function answer(
  { group, kind: name, review }: Kind,
  req: Authenticated,
  deps: ReviewDependencies,
): Promise<Reply> {
  if (req.info.verb !== 'create') throw methodNotAllowed();
  const { as } = acceptInput(req);
  const apiVersion = `${group}/v1`;
  const schema = schemaOfKind(apiVersion, name);
  if (!schema) throw new Error(`no definition of ${name}`);
  const options = writeOptions('CreateOptions', req.url.searchParams, req.headers.get('user-agent'));
  const input = await readBody({ req }, { apiVersion, kind: name, schema }, options.fieldValidation);
  const owned = trackUpdate({ schema, apiVersion, manager: options.manager, next: input, now: deps.clock.now() });
  if (owned) input.metadata.managedFields = owned;
  const body = await review(input, req, deps);
  return { kind: 'object', status: 201, body: as ? metadataOf({ group, kind: name }, body as KubeObject, as) : body };
}

/** 422 as upstream words it for reviews, which name no kind. */
export function invalidReview(...causes: readonly Cause[]): Error {
  return invalid({ group: authorization, kind: '' }, '', causes);
}

export const noNamespace = (): Error => badRequest('no namespace on request');
