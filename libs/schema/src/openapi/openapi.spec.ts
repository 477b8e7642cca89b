import { facts } from '../facts';
import { kindOfSchema } from '../kinds';
import { Reader } from '../protobuf/reader';
import { schemas } from '../registry';
import { enums } from './enums';
import { newOpenApi, type Json, type OpenApiRow } from '.';

const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const deployments: OpenApiRow = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: all,
  schema: 'io.k8s.api.apps.v1.Deployment',
  subresources: {
    scale: { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    status: { group: 'apps', version: 'v1', kind: 'Deployment', verbs: ['get', 'patch', 'update'] },
  },
};

const pods: OpenApiRow = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: all,
  schema: 'io.k8s.api.core.v1.Pod',
  deleteReturnsObject: true,
  subresources: {
    eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
    exec: { group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    log: { group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
    proxy: { group: '', version: 'v1', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
  },
};

const widgets: OpenApiRow = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: false,
  verbs: all,
  schema: 'com.example.v1.Widget',
  custom: { type: 'object', properties: { spec: { type: 'object' } } },
};

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string }[];
  readonly 'x-kubernetes-action': string;
}
interface Component extends Json {
  readonly properties: Readonly<Record<string, Json>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Component>> };
}
const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
const read = async (rows: readonly OpenApiRow[], path: string): Promise<Document> =>
  parse((await newOpenApi(rows, 'v1').document(path))!.bytes) as Document;

const references = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]: [string, unknown]) =>
    key === '$ref' && typeof below === 'string' ? [below] : references(below),
  );
};

/** What an operation is called, by method and path. */
const operationsOf = ({ paths }: Document): Record<string, string> =>
  Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => [
          `${method} ${path}`,
          [operation['x-kubernetes-action'], operation.operationId].filter(Boolean).join(' '),
        ]),
    ),
  );

/** A resource of every kind that has lists. */
const allRows = (): readonly OpenApiRow[] =>
  schemas.names().flatMap((name): OpenApiRow[] => {
    const kind = kindOfSchema(schemas.get(name));
    const isStored = schemas.has(`${name}List`);
    return kind && isStored
      ? [{ ...kind, plural: kind.kind.toLowerCase(), namespaced: true, verbs: all, schema: name }]
      : [];
  });

describe('OpenAPI', () => {
  it('names operations as upstream does', async () => {
    expect(operationsOf(await read([deployments], 'apis/apps/v1'))).toMatchSnapshot();
    expect(operationsOf(await read([pods], 'api/v1'))).toMatchSnapshot();
    expect(operationsOf(await read([widgets], 'apis/example.com/v1'))).toMatchSnapshot();
  });

  it('publishes forms with the markers of lists, maps and patches', async () => {
    const { components } = await read([pods], 'api/v1');
    expect(components.schemas['io.k8s.api.core.v1.Container']!.properties['ports']).toEqual({
      description: expect.stringContaining('List of ports') as string,
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ContainerPort' }], default: {} },
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(components.schemas['io.k8s.api.core.v1.ContainerPort']).toMatchObject({
      required: ['containerPort'],
      properties: {
        containerPort: { type: 'integer', format: 'int32', default: 0 },
        protocol: { type: 'string', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] },
      },
    });
    const { accessModes } = components.schemas['io.k8s.api.core.v1.PersistentVolumeClaimSpec']!.properties;
    const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
    expect(accessModes).toMatchObject({ items: { type: 'string', default: '', enum: modes } });
    expect(components.schemas['io.k8s.api.core.v1.SecretKeySelector']!['x-kubernetes-map-type']).toBe('atomic');
    expect(components.schemas['io.k8s.api.core.v1.Pod']!['x-kubernetes-group-version-kind']).toEqual([
      { group: '', kind: 'Pod', version: 'v1' },
    ]);
  });

  it('says of a field what its type does not say already', async () => {
    const { components } = await read([deployments], 'apis/apps/v1');
    const { properties } = components.schemas['io.k8s.api.apps.v1.DeploymentSpec']!;
    const type = components.schemas['io.k8s.api.apps.v1.DeploymentStrategy']!;
    expect(properties['strategy']!['description']).toBe('How old pods make way for new ones.');
    expect(type['description']).toContain('DeploymentStrategy describes');
    expect(properties['replicas']!['description']).toContain('Number of desired pods');
  });

  it('says in its text which values a field may have', async () => {
    const { components } = await read([deployments], 'apis/apps/v1');
    const { type } = components.schemas['io.k8s.api.apps.v1.DeploymentStrategy']!.properties;
    expect(type!['description']).toMatch(/\n\nPossible enum values:\n - `"Recreate"`\n - `"RollingUpdate"`$/);
  });

  it('says once what all operations of a path take', async () => {
    const { paths } = await read([pods], 'api/v1');
    const eviction = paths['/api/v1/namespaces/{namespace}/pods/{name}/eviction'] as unknown as Operation;
    const names = ['dryRun', 'fieldManager', 'fieldValidation', 'name', 'namespace', 'pretty'];
    expect(eviction.parameters.map(({ name }) => name)).toEqual(names);
    expect(eviction).not.toHaveProperty('post.parameters');
  });

  it('takes options for kinds of every group version', async () => {
    const { components } = await read([deployments], 'apis/apps/v1');
    const options = components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']!;
    expect(options['x-kubernetes-group-version-kind']).toEqual([
      { group: '', kind: 'DeleteOptions', version: 'v1' },
      { group: 'apps', kind: 'DeleteOptions', version: 'v1' },
    ]);
  });

  it('describes discovery and what else there is to read', async () => {
    expect(operationsOf(await read([deployments], 'apis/apps'))).toEqual({ 'get /apis/apps/': 'getAppsAPIGroup' });
    expect(operationsOf(await read([pods], 'version'))).toEqual({ 'get /version/': 'getCodeVersion' });
    expect(operationsOf(await read([pods], 'api/v1'))['get /api/v1/']).toBe('getCoreV1APIResources');
    const { components } = await read([pods], 'api');
    expect(Object.keys(components.schemas)).toContain('io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions');
  });

  it('lists only values of types that there are', () => {
    const types = new Set(
      schemas
        .names()
        .flatMap((name) => [...schemas.get(name).fields.values()].map((one) => one.goType?.replace(/^.*\]/, ''))),
    );
    expect([...enums.keys()].filter((type) => !types.has(type))).toEqual([]);
    expect([...enums.values()].filter((values) => values.length < 2)).toEqual([]);
  });

  it('has a text for every definition and field', async () => {
    const rows = allRows();
    const { definitions } = parse(await newOpenApi(rows, 'v1').version2()) as {
      definitions: Record<string, { description?: string; properties?: Record<string, { description?: string }> }>;
    };
    const silent = Object.entries(definitions).flatMap(([name, { description, properties = {} }]) => [
      ...(description ? [] : [name]),
      ...Object.entries(properties).flatMap(([field, about]) => (about.description ? [] : [`${name}.${field}`])),
    ]);
    expect(silent).toEqual([]);
  });

  it('tells kubectl which parameters a patch understands', async () => {
    const { paths } = await read([deployments], 'apis/apps/v1');
    const { parameters } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']!['patch']!;
    expect(parameters.map(({ name }) => name)).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force']);
  });

  it('has every form it refers to, for every kind there is', async () => {
    const rows = allRows();
    expect(new Set(rows.map((row) => `${row.group}/${row.version}`)).size).toBeGreaterThan(facts.length - 10);
    const version2 = parse(await newOpenApi(rows, 'v1').version2()) as { definitions: object };
    const missing = references(version2).filter(
      (name) => !(name.replace('#/definitions/', '') in version2.definitions),
    );
    expect(missing).toEqual([]);
  });

  it('takes in what other servers say of their group versions, and nothing else', async () => {
    const api = newOpenApi([deployments], 'v1');
    const document = {
      paths: { '/apis/example.com/v1/widgets': { get: {} }, '/apis/apps/v1/deployments': {}, '/version/': {} },
      definitions: { 'io.k8s.api.apps.v1.Deployment': { description: 'theirs' }, Widget: { type: 'object' } },
    };
    const others = [{ prefix: '/apis/example.com/v1/', document }];
    const { paths, definitions } = parse(await api.version2(others)) as Record<string, Record<string, object>>;
    expect(Object.keys(paths!)).toContain('/apis/example.com/v1/widgets');
    expect(paths!['/apis/apps/v1/deployments']).not.toEqual({});
    expect(definitions!['Widget']).toEqual({ type: 'object' });
    expect(definitions!['io.k8s.api.apps.v1.Deployment']).not.toMatchObject({ description: 'theirs' });
    expect(await api.version2(others)).toBe(await api.version2(others));
    expect(parse(await api.version2())).not.toHaveProperty(['definitions', 'Widget']);
  });

  it('publishes custom resources and their lists', async () => {
    const { components } = await read([widgets], 'apis/example.com/v1');
    expect(components.schemas['com.example.v1.Widget']).toMatchObject({
      properties: { spec: { type: 'object' } },
      'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Widget', version: 'v1' }],
    });
    expect(components.schemas['com.example.v1.WidgetList']!['required']).toEqual(['items']);
    const selectable = { 'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.color' }] };
    const selected = await read([{ ...widgets, custom: { type: 'object', ...selectable } }], 'apis/example.com/v1');
    expect(selected.components.schemas['com.example.v1.WidgetList']).toMatchObject(selectable);
  });

  describe('of custom resources', () => {
    const form = (custom: Json, version: 'v2' | 'v3'): Promise<Component> =>
      version === 'v3'
        ? read([{ ...widgets, custom }], 'apis/example.com/v1').then(
            ({ components }) => components.schemas['com.example.v1.Widget']!,
          )
        : newOpenApi([{ ...widgets, custom }], 'v1')
            .version2()
            .then(
              (bytes) =>
                (parse(bytes) as { definitions: Record<string, Component> }).definitions['com.example.v1.Widget']!,
            );
    const spec = async (schema: Json, version: 'v2' | 'v3', required?: readonly string[]): Promise<unknown> => {
      const custom = { type: 'object', properties: { spec: schema }, ...(required && { required }) };
      return (await form(custom, version)).properties['spec'];
    };

    it('describes the fields that every object has', async () => {
      const { properties } = await form({ type: 'object' }, 'v3');
      expect(properties['apiVersion']).toMatchObject({ description: expect.stringContaining('APIVersion defines') });
      expect(properties['kind']).toMatchObject({ description: expect.stringContaining('Kind is') });
      expect(properties['metadata']).toMatchObject({
        description: expect.stringContaining("Standard object's metadata"),
      });
    });

    it('says of an integer or text which two it may be', async () => {
      const either = { 'x-kubernetes-int-or-string': true };
      expect(await spec(either, 'v3')).toEqual({ ...either, anyOf: [{ type: 'integer' }, { type: 'string' }] });
      expect(await spec(either, 'v2')).toEqual(either);
    });

    it('asks for the type of an object in an object', async () => {
      const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true };
      for (const version of ['v2', 'v3'] as const) {
        const found = await spec(embedded, version);
        expect(found).toMatchObject({ required: ['kind', 'apiVersion'], properties: { metadata: {}, kind: {} } });
      }
    });

    it('says in version 2 nothing that readers would refuse unknown fields or null by', async () => {
      const unknown = { 'x-kubernetes-preserve-unknown-fields': true };
      const object = { type: 'object', properties: { a: { type: 'string' } } };
      expect(await spec({ ...object, ...unknown }, 'v2')).toEqual(unknown);
      expect(await spec({ ...object, ...unknown }, 'v3')).toEqual({ ...object, ...unknown });
      expect(await spec({ type: 'integer', minimum: 1, nullable: true }, 'v2')).toEqual({ minimum: 1 });
      expect(await spec({ type: 'array', ...unknown }, 'v2')).toEqual(unknown);
      const embedded = { ...unknown, 'x-kubernetes-embedded-resource': true };
      expect(await spec({ type: 'object', ...embedded }, 'v2')).toEqual(embedded);
      const nullable = { type: 'object', required: ['spec', 'b'], properties: { spec: { nullable: true }, b: {} } };
      expect(await form(nullable, 'v2')).toMatchObject({ required: ['b'] });
      expect(await form(nullable, 'v3')).toMatchObject({ required: ['spec', 'b'] });
    });

    it('publishes a kind of unknown fields as an object of which nothing is said', async () => {
      const open = { type: 'object', description: 'd', 'x-kubernetes-preserve-unknown-fields': true };
      const kinds = { 'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Widget', version: 'v1' }] };
      expect(await form(open, 'v2')).toEqual({ type: 'object', ...kinds });
      expect(await form(open, 'v3')).toMatchObject({ ...open, ...kinds, properties: { metadata: {} } });
    });
  });

  it('has a protobuf form of version 2, for older clients', async () => {
    const bytes = await newOpenApi([widgets], 'v1').version2Protobuf();
    const reader = new Reader(bytes);
    const found: Record<number, string | number> = {};
    reader.fields((number, wire) => {
      if (wire !== 2) return false;
      found[number] = number === 1 ? reader.string() : (found[number] ?? 0);
      if (number === 1) return true;
      const part = reader.bytes();
      found[number] = Number(found[number]) + (part.includes('com.example.v1.Widget') ? 1 : 0);
      return true;
    });
    expect(found).toEqual({ 1: '2.0', 2: 0, 8: 1, 9: 1, 12: 0, 13: 0 });
  });

  it('links documents with hashes that change with what is in them', async () => {
    const paths = (
      rows: readonly OpenApiRow[],
      version: string,
    ): Readonly<Record<string, { serverRelativeURL: string }>> =>
      (parse(newOpenApi(rows, version).index()) as { paths: Record<string, { serverRelativeURL: string }> }).paths;
    const before = paths([deployments, pods], 'v1');
    expect(Object.keys(before)).toEqual([
      '.well-known/openid-configuration',
      'api',
      'api/v1',
      'apis',
      'apis/apps',
      'apis/apps/v1',
      'openid/v1/jwks',
      'version',
    ]);
    expect(before['api/v1']!.serverRelativeURL).toMatch(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{128}$/);
    const after = paths([{ ...deployments, verbs: ['get'] }, pods], 'v1');
    expect(after['api/v1']).toEqual(before['api/v1']);
    expect(after['apis/apps/v1']).not.toEqual(before['apis/apps/v1']);
    expect(paths([pods], 'v2')['api/v1']).not.toEqual(before['api/v1']);
  });

  it('makes documents anew only where resources have changed', async () => {
    const kept = new Map<string, Promise<Buffer>>();
    const before = newOpenApi([deployments, pods], 'v1', kept);
    const [apps, core] = [await before.document('apis/apps/v1'), await before.document('api/v1')];
    const after = newOpenApi([{ ...deployments, verbs: ['get'] }, pods], 'v1', kept);
    expect((await after.document('api/v1'))?.bytes).toBe(core?.bytes);
    expect((await after.document('apis/apps/v1'))?.bytes).not.toEqual(apps?.bytes);
    expect(kept.size).toBe(2);
  });

  it('makes a document once, and none that nobody has', async () => {
    const api = newOpenApi([pods], 'v1');
    const [first, second] = [await api.document('api/v1'), await api.document('api/v1')];
    expect(first?.bytes).toBe(second?.bytes);
    expect(await api.document('apis/none/v1')).toBeUndefined();
    expect(await api.document('__proto__')).toBeUndefined();
  });
});
