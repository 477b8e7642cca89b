import { StatusError, type KubeObject } from '@kubephant/api';
import { schemas } from '../registry';
import type { Field, ObjectSchema } from '../schema';
import { apply, trackUpdate } from '.';
import { customSequences, widgets } from './testdata/custom-sequences';
import { owners, sequences, type Step } from './testdata/sequences';

const kinds: Readonly<Record<string, { readonly schema: ObjectSchema; readonly apiVersion: string }>> = {
  ConfigMap: { schema: schemas.get('io.k8s.api.core.v1.ConfigMap'), apiVersion: 'v1' },
  Service: { schema: schemas.get('io.k8s.api.core.v1.Service'), apiVersion: 'v1' },
  Deployment: { schema: schemas.get('io.k8s.api.apps.v1.Deployment'), apiVersion: 'apps/v1' },
  Widget: { schema: widgets, apiVersion: 'example.com/v1' },
};

const now = Date.parse('2026-01-01T00:00:00.987Z');

/** Does one step as a server would whose kinds have no defaults. */
function perform(kind: string, live: KubeObject | undefined, step: Step): KubeObject {
  const { schema, apiVersion } = kinds[kind]!;
  const context = { schema, apiVersion, live, manager: step.manager, subresource: step.subresource, now };
  const body = { apiVersion, kind, ...step.object };
  if ('update' in step) {
    const metadata = { uid: 'u', resourceVersion: '1', ...body.metadata, name: 'x' };
    const next = { ...body, metadata: { ...metadata, managedFields: live?.metadata.managedFields } } as KubeObject;
    const managedFields = trackUpdate({ ...context, next });
    return { ...next, metadata: { ...next.metadata, managedFields } } as KubeObject;
  }
  const applied = { ...body, metadata: { ...body.metadata, name: 'x' } };
  const { object, managedFields } = apply({ ...context, applied, force: step.force === true });
  const metadata = { uid: 'u', resourceVersion: '1', ...(object['metadata'] as object), managedFields };
  return { ...object, metadata } as KubeObject;
}

describe('server-side apply', () => {
  it.each([...sequences, ...customSequences])('$rule', ({ kind, steps }) => {
    let live: KubeObject | undefined;
    for (const step of steps) {
      let refusal: unknown;
      try {
        live = perform(kind, live, step);
      } catch (err) {
        refusal = err instanceof StatusError ? err.message : err;
      }
      expect(refusal).toBe(step.refused);
      if (step.owners) expect(owners(live?.metadata.managedFields)).toEqual(step.owners);
      if (step.content) expect(live).toMatchObject(step.content);
      if (step.absent) expect(live).not.toHaveProperty(step.absent);
    }
  });

  it('lists the causes of the last manager first', () => {
    const first = perform('ConfigMap', undefined, { apply: true, manager: 'm1', object: { data: { a: '1' } } });
    const second = perform('ConfigMap', first, { apply: true, manager: 'm2', object: { data: { a: '1' } } });
    let thrown: unknown;
    try {
      perform('ConfigMap', second, { apply: true, manager: 'm3', object: { data: { a: '2' } } });
    } catch (err) {
      thrown = err;
    }
    const { message, details } = (thrown as StatusError).status;
    expect(message).toBe(
      'Apply failed with 2 conflicts: conflicts with "m1":\n- .data.a\nconflicts with "m2":\n- .data.a',
    );
    expect(details?.causes?.map((cause) => cause.message)).toEqual(['conflict with "m2"', 'conflict with "m1"']);
  });

  it('answers a conflict with a cause for every field', () => {
    const first = perform('ConfigMap', undefined, { apply: true, manager: 'm1', object: { data: { a: '1', b: '1' } } });
    let thrown: unknown;
    try {
      perform('ConfigMap', first, { apply: true, manager: 'm2', object: { data: { a: '2', b: '2' } } });
    } catch (err) {
      thrown = err;
    }
    expect((thrown as StatusError).status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 2 conflicts: conflicts with "m1":\n- .data.a\n- .data.b',
      reason: 'Conflict',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.data.a' },
          { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.data.b' },
        ],
      },
      code: 409,
    });
  });

  it('stores entries as upstream writes them, and no time when no value changed', () => {
    const first = perform('ConfigMap', undefined, { update: true, manager: 'c', object: { data: { a: '1' } } });
    const second = perform('ConfigMap', first, { apply: true, manager: 'm', object: { data: { a: '1' } } });
    expect(JSON.stringify(second.metadata.managedFields)).toBe(
      '[{"manager":"m","operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}},' +
        '{"manager":"c","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1",' +
        '"fieldsV1":{"f:data":{".":{},"f:a":{}}}}]',
    );
  });

  it('keeps what is named, also when all that was in it is given up', () => {
    const applying = (metadata: object): Step => ({
      apply: true,
      force: true,
      manager: 'm',
      object: { spec: { template: { metadata } } },
    });
    const first = perform('Deployment', undefined, applying({ labels: { a: 'b' } }));
    const second = perform('Deployment', first, applying({}));
    expect((second as unknown as { spec: object }).spec).toEqual({ template: { metadata: {} } });
  });

  it('gives up in the version in which it was applied', () => {
    const renamed = (from: string, to: string) => (object: Record<string, unknown>) => {
      const { [from]: value, ...rest } = object;
      return value === undefined ? rest : { ...rest, [to]: value };
    };
    const field = (name: string): [string, Field] => [name, { name, schema: { type: 'string' } }];
    const schemaWith = (name: string): ObjectSchema => ({
      type: 'object',
      fields: new Map<string, Field>([
        ...['apiVersion', 'kind', name, 'other'].map(field),
        ['metadata', { name: 'metadata', schema: { type: 'any' } }],
      ]),
    });
    const versions = (apiVersion: string) =>
      apiVersion === 'g/v1'
        ? { schema: schemaWith('old'), convert: renamed('new', 'old') }
        : { schema: schemaWith('new'), convert: renamed('old', 'new') };
    const request = { manager: 'm', force: false, now, versions };
    const metadata = { name: 'x' };
    const first = apply({
      ...request,
      schema: schemaWith('old'),
      apiVersion: 'g/v1',
      applied: { apiVersion: 'g/v1', kind: 'K', metadata, ...{ old: '1' } },
    });
    const stored = {
      apiVersion: 'g/v2',
      kind: 'K',
      new: '1',
      metadata: {
        name: 'x',
        uid: 'u',
        resourceVersion: '1',
        ...(first.managedFields && { managedFields: first.managedFields }),
      },
    };
    const second = apply({
      ...request,
      schema: schemaWith('new'),
      apiVersion: 'g/v2',
      live: stored,
      applied: { apiVersion: 'g/v2', kind: 'K', metadata, ...{ other: '2' } },
    });
    expect(second.object).toEqual({
      apiVersion: 'g/v2',
      kind: 'K',
      metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
      other: '2',
    });
    expect(owners(second.managedFields)).toEqual({ 'm Apply': ['.other'] });
  });

  it('lets kubectl take over what it applied client-side, and keeps its annotation in step', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const last = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: '1' } });
    const object = { metadata: { annotations: { [annotation]: last } }, data: { a: '1' } };
    const live = perform('ConfigMap', undefined, { update: true, manager: 'kubectl-client-side-apply', object });
    const step = { apply: true, object: { data: { a: '2' } } } as const;
    expect(() => perform('ConfigMap', live, { ...step, manager: 'other' })).toThrow('Apply failed with 1 conflict');
    const taken = perform('ConfigMap', live, { ...step, manager: 'kubectl' });
    expect(taken).toMatchObject({ data: { a: '2' } });
    const kept = JSON.parse(taken.metadata.annotations?.[annotation] ?? '') as unknown;
    expect(kept).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: '2' } });
  });

  it('writes the annotation as kubectl does: keys sorted, a newline at the end', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const live = perform('ConfigMap', undefined, {
      update: true,
      manager: 'kubectl-client-side-apply',
      object: { metadata: { annotations: { [annotation]: '{}' } } },
    });
    const object = { data: { b: '<&>', a: '1', '9': 'x', '10': 'y' } };
    const taken = perform('ConfigMap', live, { apply: true, manager: 'kubectl', object });
    expect(taken.metadata.annotations?.[annotation]).toBe(
      '{"apiVersion":"v1","data":{"10":"y","9":"x","a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"name":"x"}}\n',
    );
  });

  it('refuses endless nesting', () => {
    let free: object = {};
    for (let depth = 0; depth < 20_000; depth++) free = { a: free };
    const step = { apply: true, manager: 'm', object: { spec: { free } } } as const;
    expect(() => perform('Widget', undefined, step)).toThrow('patch exceeds the maximum depth');
  });

  it('applies long lists in a time that grows with their length alone', () => {
    const containers = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}` }));
    const object = { spec: { template: { spec: { containers } } } };
    const begin = performance.now();
    perform('Deployment', undefined, { apply: true, manager: 'm', object });
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  it('pollutes no prototype', () => {
    const object = JSON.parse('{"data":{"__proto__":"x","constructor":"y"}}') as Step['object'];
    const live = perform('ConfigMap', undefined, { apply: true, manager: 'm', object });
    expect(owners(live.metadata.managedFields)).toEqual({ 'm Apply': ['.data.__proto__', '.data.constructor'] });
    expect(Object.getPrototypeOf((live as KubeObject & { data: object }).data)).toBe(Object.prototype);
  });
});
