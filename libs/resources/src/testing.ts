import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { cloneAsGiven, decodeValue, schemas } from '@kubephant/schema';
import type { ResourceDefinition } from './definition';
import { validateCreate, validateUpdate } from './meta/validate';

export { edits, type Edits, type Wrong } from './testdata/edits';
export { examples } from './testdata/examples';
export { mutate } from './testdata/golden';

type Json = Record<string, unknown>;

/** Decodes by the row's schema and sets its defaults, as every request body and stored object is read. */
export function readAs(row: ResourceDefinition, value: Json): KubeObject {
  const typed = { ...value, kind: row.kind, apiVersion: apiVersionOf(row.group, row.version) };
  const obj = cloneAsGiven(decodeValue(schemas.get(row.schema), typed, 'Ignore').object) as unknown as KubeObject;
  row.defaults?.(obj);
  return obj;
}

const at = new Date('2026-01-01T00:00:00Z');
const context = { now: at, user: { name: 'tester', groups: [] } };

function takeStatus(obj: KubeObject, from: KubeObject): void {
  const { status } = from as unknown as Json;
  if (status === undefined) Reflect.deleteProperty(obj, 'status');
  else Object.assign(obj, { status: structuredClone(status) });
}

/** What the server alone says of a new object. */
function ownMetadata({ metadata }: KubeObject, { scope, generation }: ResourceDefinition, namespace: string): void {
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink']) {
    Reflect.deleteProperty(metadata, field);
  }
  metadata.uid = '11111111-1111-4111-8111-111111111111';
  metadata.creationTimestamp = '2026-01-01T00:00:00Z';
  if (scope === 'Cluster') delete metadata.namespace;
  else metadata.namespace ??= namespace;
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName.slice(0, 58)}abcde`;
  if (generation) metadata.generation = 1;
}

/** What a create of `draft` would validate and store: the generic part of a registry, and no admission. */
export function newObject(row: ResourceDefinition, draft: Json, namespace = 'default'): KubeObject {
  const obj = readAs(row, { metadata: {}, ...draft });
  ownMetadata(obj, row, namespace);
  if (row.subresources?.['status'] && !row.statusFromClient) takeStatus(obj, readAs(row, { metadata: {} }));
  row.strategy?.prepareForCreate?.(obj, context);
  return obj;
}

/** What an update of `stored` to `changed` on the main endpoint would validate and store. */
export function changedObject(row: ResourceDefinition, stored: KubeObject, changed: Json): KubeObject {
  const obj = readAs(row, changed);
  const { uid, resourceVersion, creationTimestamp, generation } = stored.metadata;
  Object.assign(obj.metadata, { uid, resourceVersion, creationTimestamp, generation });
  if (row.scope === 'Cluster') delete obj.metadata.namespace;
  if (row.subresources?.['status']) takeStatus(obj, stored);
  row.strategy?.prepareForUpdate?.(obj, stored, context);
  return obj;
}

/** A row prints what is stored. */
const storedForm = ({ storedAs }: ResourceDefinition, obj: KubeObject): KubeObject => storedAs?.toStored(obj) ?? obj;

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

const clone = (obj: KubeObject): Json => structuredClone(obj) as unknown as Json;

/** What every row of the table promises, given one object it accepts. */
export function resourceSuite(row: ResourceDefinition, example: Json): void {
  describe(`${row.names.plural} of ${apiVersionOf(row.group, row.version)}`, () => {
    it('has a form that carries its kind', () => {
      expect(schemas.has(row.schema)).toBe(true);
      expect([...schemas.get(row.schema).fields.keys()]).toEqual(expect.arrayContaining(['kind', 'metadata']));
    });

    it('accepts its example', () => {
      expect(validateCreate(row, newObject(row, example))).toEqual([]);
    });

    it('accepts an update that changes nothing, and leaves what is stored alone', () => {
      const stored = freeze(newObject(row, example));
      const obj = changedObject(row, stored, clone(stored));
      expect(obj).toEqual(stored);
      expect(validateUpdate(row, obj, stored)).toEqual([]);
    });

    it('sets the same defaults when asked twice', () => {
      const once = readAs(row, example);
      expect(readAs(row, clone(once))).toEqual(once);
    });

    it('finds an object without a name wanting, unless the kind names itself', () => {
      const obj = newObject(row, {});
      const causes = validateCreate(row, obj);
      expect(causes.some(({ field }) => field === 'metadata.name')).toBe(!obj.metadata.name);
    });

    it('prints a cell for every column, whatever is missing', () => {
      for (const draft of [example, { metadata: { name: 'x' } }]) {
        const obj = storedForm(row, newObject(row, draft));
        for (const column of row.columns ?? []) {
          expect(['string', 'number', 'boolean', 'object']).toContain(typeof column.value(obj, at));
        }
      }
    });

    it('gives every selectable field a text', () => {
      for (const field of row.fields ?? []) expect(typeof field.value(newObject(row, example))).toBe('string');
    });

    it('names no column and no field twice', () => {
      const names = [(row.columns ?? []).map(({ name }) => name), (row.fields ?? []).map(({ path }) => path)];
      for (const list of names) expect(new Set(list).size).toBe(list.length);
    });

    if (row.storedAs) {
      const { storedAs } = row;
      it('comes back from its stored form', () => {
        const obj = newObject(row, example);
        expect(storedAs.fromStored(storedAs.toStored(obj))).toEqual(obj);
      });
    }
  });
}
