import { StatusError, type KubeObject } from '@kubephant/api';
import { DecodeError, decodeValue, restoreProblem, type Expected } from '@kubephant/schema';
import { bareMediaType, type Incoming, type Reply } from '@kubephant/serving';
import { readApplied } from './applied';
import { asObject, expectedOf } from './body';
import { unknownFormat } from './malformed';
import { checkName, checkNamespace, placeInNamespace } from './metadata';
import { methodNotAllowed } from './methods';
import { writeOptions, type WriteOptions } from './options';
import { mergeApplied, owning } from './ownership';
import { newPatching, type PatchType } from './patching';
import { partOf } from './prepare';
import type { Resource } from './resource';
import { acceptObject } from './respond';
import { nameOf, type Scope } from './scope';
import { respondModified } from './update';
import { modify, type Modification } from './write';

const patchTypes: Readonly<Record<string, PatchType | 'apply'>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** A custom resource says nothing of how its lists merge. */
const customPatchTypes = Object.keys(patchTypes).filter((type) => patchTypes[type] !== 'strategic');

/** What kind of patch the body is; there is no default. */
export function patchTypeOf({ headers }: Pick<Incoming, 'headers'>, { conversion }: Resource): PatchType | 'apply' {
  const type = bareMediaType(headers.get('content-type') ?? '');
  const known = Object.hasOwn(patchTypes, type) ? patchTypes[type] : undefined;
  if (conversion && (!known || known === 'strategic')) throw unknownFormat(customPatchTypes);
  if (!known) throw new StatusError('UnsupportedMediaType', '415: Unsupported Media Type', {});
  return known;
}

/** PATCH of an object, or of the part of it that a subresource stands for. */
export async function patch(scope: Scope): Promise<Reply> {
  const { req, info, resource } = scope;
  const accepted = acceptObject(req, resource);
  const part = partOf(resource, info.subresource);
  if (!part) throw methodNotAllowed();
  const type = patchTypeOf(req, resource);
  const options = writeOptions('PatchOptions', req.url.searchParams, req.headers.get('user-agent'), type === 'apply');
  const body = await req.body();
  const plan = type === 'apply' ? applyPlan(scope, body, options) : patchPlan(scope, type, body, options);
  return respondModified(scope, await modify(scope, { options, part, ...plan }), accepted);
}

type Plan = Pick<Modification, 'make' | 'create' | 'owned'>;

function patchPlan(scope: Scope, type: PatchType, body: Buffer, options: WriteOptions): Plan {
  const { resource } = scope;
  const patching = newPatching(scope.req, type, body, { expected: expectedOf(resource), options });
  return {
    make(current) {
      const obj = patching(current);
      resource.row.defaults?.(obj);
      checkIdentity(scope, obj);
      return obj;
    },
  };
}

function checkIdentity(scope: Scope, obj: KubeObject): void {
  checkName(obj, nameOf(scope));
  placeInNamespace(scope.resource, obj, scope.info.namespace);
}

/** Server-side apply (KEP-555): merges what the manager wants, by ownership; creates what is not there. */
function applyPlan(scope: Scope, body: Buffer, options: WriteOptions): Plan {
  const { resource, info } = scope;
  const applied = readApplied(scope.req, body, { expected: expectedOf(resource), validation: options.fieldValidation });
  if (Object.hasOwn(applied.metadata, 'name')) checkName(applied, nameOf(scope));
  checkNamespace(resource, applied, info.namespace);
  const merge = (live: KubeObject | undefined): KubeObject => {
    const object = applyTo(scope, { applied, live, options });
    resource.row.defaults?.(object);
    return object;
  };
  return {
    owned: true,
    make: (current) => merge(current),
    ...(info.subresource === undefined && {
      create() {
        checkName(applied, nameOf(scope));
        return { draft: merge(undefined), owned: true };
      },
    }),
  };
}

interface Applying {
  readonly applied: KubeObject;
  readonly live: KubeObject | undefined;
  readonly options: WriteOptions;
}

function applyTo(scope: Scope, { applied, live, options }: Applying): KubeObject {
  const { resource, info } = scope;
  const { manager, force } = options;
  const write = { ...owning(scope), manager, live, subresource: info.subresource };
  const merged = mergeApplied(write, applied, force);
  const expected = expectedOf(resource);
  try {
    return asObject(decodeValue(expected.schema, merged, 'Ignore').object, expected);
  } catch (err) {
    throw err instanceof DecodeError ? notConverted(expected, merged, err) : err;
  }
}

/** What fits the form of an apply need not fit the type yet: a number may be none that Go's type holds. */
function notConverted({ schema, apiVersion, kind }: Expected, merged: KubeObject, err: DecodeError): StatusError {
  const { namespace = '', name } = merged.metadata;
  const gvk = `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
  const why = restoreProblem(schema, merged) ?? err.message;
  return new StatusError(
    '',
    `failed to convert new object (${namespace}/${name}; ${gvk}) to proper version: ` +
      `unable to convert unstructured object to ${gvk}: ${why}`,
  );
}
