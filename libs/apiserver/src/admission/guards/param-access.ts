import { invalid, parseApiVersion, type KubeObject, sameJson } from '@kubephant/api';
import { at, forbidden } from '@kubephant/resources';
import type { ParamKind, ParamRef } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { masters } from '../../authentication/users';
import type { Objects } from '../objects';
import { newFindPlace, type FindPlace } from '../policies/params';

const group = 'admissionregistration.k8s.io';

interface Policy extends KubeObject {
  readonly spec: { readonly paramKind?: ParamKind };
}

interface Binding extends KubeObject {
  readonly spec: { readonly policyName?: string; readonly paramRef?: ParamRef };
}

/** Where bindings find the policies that they put to use. */
const policiesOf: ReadonlyMap<string, string> = new Map([
  ['validatingadmissionpolicybindings', 'validatingadmissionpolicies'],
  ['mutatingadmissionpolicybindings', 'mutatingadmissionpolicies'],
]);
const policies = new Set(policiesOf.values());

export interface ParamAccessDependencies {
  readonly objects: Objects;
  readonly authorizer: Authorizer;
}

/** Nobody learns by a policy what they may not read: parameters are for those who may read them. */
export function paramAccess({ objects, authorizer }: ParamAccessDependencies): AdmissionPlugin {
  const findPlace = newFindPlace(objects);
  return {
    name: 'ParamAccess',
    handles: (info, operation) =>
      info.group === group &&
      info.subresource === undefined &&
      (operation === 'CREATE' || operation === 'UPDATE') &&
      (policies.has(info.resource) || policiesOf.has(info.resource)),
    async validate(attributes) {
      if (attributes.user.groups.includes(masters)) return;
      const check = { attributes, objects, authorizer, findPlace };
      if (policies.has(attributes.info.resource)) await checkPolicy(check);
      else await checkBinding(check);
    },
  };
}

interface Check extends ParamAccessDependencies {
  readonly attributes: Attributes;
  readonly findPlace: FindPlace;
}

async function checkPolicy(check: Check): Promise<void> {
  const { attributes } = check;
  const [{ spec }, old] = [attributes.object as Policy, attributes.old as Policy | undefined];
  const { paramKind } = spec;
  if (!paramKind || (old && sameJson(old.spec.paramKind, paramKind))) return;
  if (await may(check, { ...targetOf(paramKind, check.findPlace), verb: 'get', name: '*', namespace: '*' })) return;
  const { kind = '', apiVersion = '' } = paramKind;
  const demand = `must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`;
  throw refusal(attributes, 'paramKind', `user ${userText(attributes.user)} ${demand}`);
}

async function checkBinding(check: Check): Promise<void> {
  const { attributes, objects, findPlace } = check;
  // Upstream compares references by address, so that also one that stays as it is needs the right, at every update.
  const { paramRef, policyName = '' } = (attributes.object as Binding).spec;
  if (!paramRef) return;
  const plural = policiesOf.get(attributes.info.resource) ?? '';
  const policy = await objects.find<Policy>(`${plural}.${group}`, '', policyName);
  const paramKind = policy?.spec.paramKind;
  const verb = paramRef.name ? 'get' : 'list';
  const { name, namespace } = paramRef;
  const target = paramKind ? targetOf(paramKind, findPlace) : everything;
  const allowed = await may(check, { ...target, verb, ...(name && { name }), ...(namespace && { namespace }) });
  if (!allowed) throw refusal(attributes, 'paramRef', whyNot(attributes.user, verb, { policy, policyName, target }));
}

interface Target {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const everything: Target = { group: '*', version: '*', resource: '*' };

/** What has to be readable: the resource of the kind; where nobody serves it, all of its version. */
function targetOf(paramKind: ParamKind, findPlace: FindPlace): Target {
  const { group: ofGroup, version } = parseApiVersion(paramKind.apiVersion ?? '');
  return { group: ofGroup, version, resource: findPlace(paramKind)?.plural ?? '*' };
}

async function may({ authorizer, attributes }: Check, what: Omit<RequestInfo, 'isResourceRequest' | 'path'>) {
  const info = { isResourceRequest: true, path: '', ...what };
  return (await authorizer.authorize({ user: attributes.user, info })).verdict === 'allow';
}

interface Binds {
  readonly policy: Policy | undefined;
  readonly policyName: string;
  readonly target: Target;
}

function whyNot(user: UserInfo, verb: string, { policy, policyName, target }: Binds): string {
  const who = `user ${userText(user)} does not have "${verb}" permission`;
  const least = `to determine minimum required permissions and ${who} for all groups, versions and resources`;
  if (!policy) return `unable to get policy ${policyName} ${least}`;
  const { paramKind } = policy.spec;
  if (paramKind && target.resource === '*') {
    return `unable to resolve paramKind &{${paramKind.apiVersion ?? ''} ${paramKind.kind ?? ''}} ${least}`;
  }
  return `${who} on the object referenced by paramRef`;
}

/** A user as upstream's program prints one. */
function userText({ name, uid = '', groups, extra = {} }: UserInfo): string {
  const pairs = Object.entries(extra).map(([key, values]) => `${key}:[${values.join(' ')}]`);
  return `&{${name} ${uid} [${groups.join(' ')}] map[${pairs.sort().join(' ')}]}`;
}

function refusal({ info, object }: Attributes, field: string, why: string): Error {
  const { kind, metadata } = object as KubeObject;
  return invalid({ group: info.group, kind }, metadata.name, [forbidden(at('spec', field), why)]);
}
