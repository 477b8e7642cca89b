import { cloneJson, invalid, type KubeObject, sameJson } from '@kubephant/api';
import {
  validateCreate,
  validateUpdate,
  type ResourceDefinition,
  type Strategy,
  type StrategyContext,
} from '@kubephant/resources';
import { carryOver } from './metadata';
import { subresourceOf, type Resource } from './resource';

type Fields = Record<string, unknown>;
const fieldsOf = (obj: KubeObject): Fields => obj as unknown as Fields;

/** Makes a decoded object into what create stores: the kind's own preparation included. Changes `obj`. */
export function prepareForCreate(resource: Resource, obj: KubeObject, context: StrategyContext): void {
  const { row, newStatus } = resource;
  if (row.subresources?.['status'] && !row.statusFromClient) put(obj, 'status', newStatus);
  if (row.generation) obj.metadata.generation = 1;
  row.strategy?.prepareForCreate?.(obj, context);
}

/** Which part of an object an update writes to: the main endpoint, or a subresource with a rule of its own. */
export interface Part {
  readonly name?: string;
  readonly strategy?: Strategy<KubeObject>;
}

/** The part that a PUT or PATCH of this path writes; undefined where the subresource is of another kind. */
export function partOf(resource: Resource, subresource: string | undefined): Part | undefined {
  const { strategy } = resource.row;
  if (subresource === undefined) return strategy ? { strategy } : {};
  const found = subresourceOf(resource, subresource);
  if (found?.kind !== 'status' && found?.kind !== 'part') return undefined;
  return found.strategy ? { name: subresource, strategy: found.strategy } : { name: subresource };
}

/**
 * The generic split of an update: identity is carried over, the main endpoint keeps the status, /status keeps all but
 * it. Changes `obj`, never `old`.
 */
export function splitForUpdate(resource: Resource, part: Part, obj: KubeObject, old: KubeObject): void {
  const kind = kindOf(resource, part);
  carryOver(obj, old);
  if (kind === 'status') keepAllButStatus(obj, old);
  else if (kind === undefined && resource.row.subresources?.['status']) take(obj, old, 'status');
}

const kindOf = (resource: Resource, { name }: Part) =>
  name === undefined ? undefined : subresourceOf(resource, name)?.kind;

/** Makes an admitted object into what an update stores: the split again, the kind's own preparation, generation. */
export function prepareForUpdate(
  resource: Resource,
  part: Part,
  { obj, old }: { readonly obj: KubeObject; readonly old: KubeObject },
  context: StrategyContext,
): void {
  splitForUpdate(resource, part, obj, old);
  part.strategy?.prepareForUpdate?.(obj, old, context);
  if (resource.row.generation && kindOf(resource, part) !== 'status' && changed(resource, obj, old)) {
    obj.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }
}

function changed({ row }: Resource, obj: KubeObject, old: KubeObject): boolean {
  if (row.generationChanged) return row.generationChanged(obj, old);
  return !sameJson(fieldsOf(obj)['spec'], fieldsOf(old)['spec']);
}

function keepAllButStatus(obj: KubeObject, old: KubeObject): void {
  const given = fieldsOf(obj);
  const kept = fieldsOf(old);
  for (const key of new Set([...Object.keys(given), ...Object.keys(kept)])) {
    if (!['kind', 'apiVersion', 'metadata', 'status'].includes(key)) take(obj, old, key);
  }
}

const take = (obj: KubeObject, old: KubeObject, key: string): void => put(obj, key, fieldsOf(old)[key]);

function put(obj: KubeObject, key: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(obj, key);
  else fieldsOf(obj)[key] = cloneJson(value);
}

/** Throws Invalid with every cause. */
export function checkCreate({ row }: Resource, obj: KubeObject): void {
  const causes = validateCreate(row, obj);
  if (causes.length > 0) throw invalid(blamed(row), nameIn(obj), causes);
}

export function checkUpdate({ row }: Resource, part: Part, obj: KubeObject, old: KubeObject): void {
  const causes = validateUpdate(row, obj, old, part);
  if (causes.length > 0) throw invalid(blamed(row), nameIn(obj), causes);
}

/** Validation looks at what is stored, so the kind it blames is that of the storing version. */
const blamed = ({ group, kind, storedAs }: ResourceDefinition) => ({ group: storedAs?.group ?? group, kind });

/** Decoded objects may lack what stored ones always have. */
const nameIn = (obj: KubeObject): string => (obj.metadata as Partial<KubeObject['metadata']>).name ?? '';
