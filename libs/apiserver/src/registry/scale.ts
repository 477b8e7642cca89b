import { cloneJson, internalError, invalid, StatusError, type KubeObject } from '@kubephant/api';
import { scaleColumns } from '@kubephant/resources';
import type { Accepted, Reply } from '@kubephant/serving';
import { readApplied } from './applied';
import { readBody } from './body';
import { checkName, placeInNamespace } from './metadata';
import { writeOptions, type WriteOptions } from './options';
import { mergeApplied, owning, recordUpdate } from './ownership';
import { newPatching } from './patching';
import { patchTypeOf } from './patch';
import { partOf } from './prepare';
import { keyIn, served } from './resource';
import { acceptObject, respond } from './respond';
import { expectedScale, scaleOf, setAt, valueAt, withoutZero, type Scale, type ScaleSubresource } from './scale-object';
import { nameOf, nowOf, type Scope } from './scope';
import { modify, type Modification } from './write';

/** GET of `/scale`: the size of a workload in the one form that autoscalers and kubectl know. */
export async function getScale(scope: Scope, scale: ScaleSubresource): Promise<Reply> {
  const { req, info, resource, machinery } = scope;
  const accepted = acceptObject(req);
  const stored = await machinery.store.get(keyIn(resource, info.namespace, nameOf(scope)));
  const { object } = await served(resource, stored);
  if (resource.conversion) demandReplicas(scale, object);
  return reply(scope, accepted, scaleOf(scale, object));
}

/** A custom resource need not have the field that its definition says how many are wanted by. */
function demandReplicas({ spec }: ScaleSubresource, object: KubeObject): void {
  if (valueAt(object, spec) !== undefined) return;
  throw internalError(new Error(`the spec replicas field ${JSON.stringify(spec)} does not exist`));
}

/** PUT and PATCH of `/scale`: changes how many replicas are wanted, and nothing else. */
export async function writeScale(scope: Scope, scale: ScaleSubresource): Promise<Reply> {
  const { req, info, resource } = scope;
  const accepted = acceptObject(req);
  const type = info.verb === 'patch' ? patchTypeOf(req, resource) : undefined;
  const kind = type === undefined ? 'UpdateOptions' : 'PatchOptions';
  const options = writeOptions(kind, req.url.searchParams, req.headers.get('user-agent'), type === 'apply');
  const body = await req.body();
  const plan = await planOf(scope, scale, { type, body, options });
  const { stored } = await modify(scope, {
    options,
    part: partOf(resource, undefined) ?? {},
    owned: true,
    ...plan,
  });
  return reply(scope, accepted, scaleOf(scale, (await served(resource, stored)).object));
}

/** Printed as a Scale, not as what it is the scale of. */
function reply(scope: Scope, accepted: Accepted, object: Scale): Reply {
  const { req, resource } = scope;
  const row = { ...resource.row, group: 'autoscaling', kind: 'Scale', columns: scaleColumns };
  const item = { object, json: Buffer.from(JSON.stringify(object)) };
  return respond(req, { ...resource, row }, item, { accepted, now: nowOf(scope) });
}

interface Request {
  readonly type: ReturnType<typeof patchTypeOf> | undefined;
  readonly body: Buffer;
  readonly options: WriteOptions;
}

type Plan = Pick<Modification, 'make' | 'uid'>;

async function planOf(scope: Scope, scale: ScaleSubresource, { type, body, options }: Request): Promise<Plan> {
  const { req } = scope;
  if (type === 'apply')
    return applyPlan(
      scope,
      scale,
      readApplied(req, body, { expected: expectedScale, validation: options.fieldValidation }) as Scale,
      options,
    );
  if (type !== undefined) {
    const patching = newPatching(req, type, body, { expected: expectedScale, options });
    const given = (current: KubeObject): Scale => patching(scaleOf(scale, current)) as Scale;
    return { make: (current) => owned(scope, scale, current, { given: given(current), options }) };
  }
  const given = (await readBody(scope, expectedScale, options.fieldValidation)) as Scale;
  checkIdentity(scope, given);
  return {
    make: (current) => owned(scope, scale, current, { given, options }),
    ...(given.metadata.uid && { uid: given.metadata.uid }),
  };
}

function checkIdentity(scope: Scope, scale: Scale): void {
  checkName(scale, nameOf(scope));
  placeInNamespace(scope.resource, scale, scope.info.namespace);
}

interface Resizing {
  readonly given: Scale;
  readonly options: WriteOptions;
}

/** Whoever changes the size through a Scale owns it, unless there is none: nobody owns a size of zero. */
function owned(scope: Scope, scale: ScaleSubresource, current: KubeObject, { given, options }: Resizing): KubeObject {
  const obj = resized(scope, scale, current, given);
  const seen = withoutZero(obj, scale.spec);
  const live = withoutZero(current, scale.spec);
  recordUpdate({ ...owning(scope), manager: options.manager, subresource: 'scale', live }, seen);
  const { managedFields } = seen.metadata;
  return { ...obj, metadata: { ...obj.metadata, ...(managedFields && { managedFields }) } };
}

function resized(scope: Scope, { spec }: ScaleSubresource, current: KubeObject, scale: Scale): KubeObject {
  checkIdentity(scope, scale);
  const replicas = replicasOf(scope, scale);
  const obj = cloneJson(current);
  // A size may be set whatever the version, also of kinds that are not updated so.
  obj.metadata.resourceVersion = scale.metadata.resourceVersion || current.metadata.resourceVersion;
  setAt(obj, spec, replicas);
  return obj;
}

/** What is wrong with the size of a custom resource is told of the resource itself. */
function replicasOf(scope: Scope, { spec }: Scale): number {
  const replicas = spec?.replicas ?? 0;
  if (replicas >= 0 || scope.resource.conversion) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, nameOf(scope), [
    { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
  ]);
}

/** Applying a Scale is applying the workload with an opinion on its replicas alone. */
function applyPlan(scope: Scope, scale: ScaleSubresource, applied: Scale, options: WriteOptions): Plan {
  const { resource } = scope;
  checkIdentity(scope, applied);
  const replicas = replicasOf(scope, applied);
  return {
    make(live) {
      // Upstream takes a Scale without a size for one that has the same owners.
      if (applied.spec?.replicas === undefined) return cloneJson(live);
      const { name, namespace, resourceVersion } = applied.metadata;
      const metadata = { name, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }) };
      const opinion = { kind: live.kind, apiVersion: live.apiVersion, metadata } as KubeObject;
      setAt(opinion, scale.spec, replicas);
      const write = { ...owning(scope), live, manager: options.manager, subresource: 'scale' };
      const merged = mergeApplied(write, opinion, options.force);
      if (resource.conversion && valueAt(merged, scale.spec) !== valueAt(live, scale.spec)) throw notConverted();
      return merged;
    },
  };
}

/** Upstream cannot say of custom resources who owned their size before, so it refuses to apply another. */
const notConverted = (): StatusError =>
  new StatusError(
    '',
    'failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to ' +
      'proper version: request to convert CR to an invalid group/version: autoscaling/v1',
  );
