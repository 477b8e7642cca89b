import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '@kubephant/resources';
import type { Reply } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { reviewResources } from '../reviews/reviews';
import { newDiscovery, type Discovery } from './discovery';
import { describeRow, type DiscoveredResource } from './resources';

const config = { serverAddress: '192.0.2.10:6443' };
const list = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

interface Kind {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
}

interface Entry extends Kind {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

interface Aggregated extends Omit<Entry, 'name' | 'namespaced' | keyof Kind> {
  readonly resource: string;
  readonly scope: string;
  readonly singularResource: string;
  readonly responseKind: Kind;
  readonly subresources?: readonly { subresource: string; responseKind: Kind; verbs: readonly string[] }[];
}

interface Version {
  readonly version: string;
  readonly resources?: readonly Aggregated[];
  readonly freshness?: string;
}

/** The fields of all forms of documents. */
interface Document {
  readonly groupVersion: string;
  readonly resources: readonly Entry[];
  readonly groups: readonly { readonly name: string }[];
  readonly versions: readonly Version[];
  readonly preferredVersion: Version;
  readonly items: readonly { readonly metadata: { readonly name?: string }; readonly versions: readonly Version[] }[];
}

function bodyOf(reply: Reply | undefined): Document {
  if (reply?.kind === 'object') return reply.body as Document;
  if (reply?.kind === 'bytes') return JSON.parse(Buffer.concat(reply.chunks).toString()) as Document;
  throw new Error('no document');
}

const ask = (discovery: Discovery, path: string, accept = 'application/json'): Document =>
  bodyOf(discovery.serve(newIncoming({ path, headers: { accept } })));

const names = ({ groups }: Document): readonly string[] => groups.map(({ name }) => name);

const serviceaccountToken: DiscoveredResource['subresources'][number] = {
  name: 'token',
  verbs: ['create'],
  kind: 'TokenRequest',
  group: 'authentication.k8s.io',
  version: 'v1',
};
const builtIn = [...table.map(describeRow), ...reviewResources].map((resource) =>
  resource.plural === 'serviceaccounts' ? { ...resource, subresources: [serviceaccountToken] } : resource,
);

/** `group/version name singular scope kind verbs short categories hash`, as upstream answers. */
const golden = readFileSync(join(__dirname, 'testdata', 'resources.txt'), 'utf8')
  .trim()
  .split('\n');

const kindOf = ({ group, version, kind }: Kind): string => [group, version, kind].filter(Boolean).join('/');
const listed = (values: readonly string[] = []): string => values.join(',') || '-';

const lineOf = (groupVersion: string, resource: Entry): string =>
  [
    groupVersion,
    resource.name,
    resource.singularName || '-',
    resource.namespaced ? 'namespaced' : 'cluster',
    kindOf(resource),
    listed(resource.verbs),
    listed(resource.shortNames),
    listed(resource.categories),
    resource.storageVersionHash ?? '-',
  ].join(' ');

/** A resource of the aggregated form, and its subresources, in the other form. */
function flat({ resource, scope, singularResource, responseKind, subresources = [], ...rest }: Aggregated): Entry[] {
  const namespaced = scope === 'Namespaced';
  return [
    { name: resource, singularName: singularResource, namespaced, ...rest, ...responseKind },
    ...subresources.map((one) => ({ name: `${resource}/${one.subresource}`, namespaced, ...one, ...one.responseKind })),
  ];
}

describe('discovery', () => {
  const discovery = newDiscovery(builtIn, config);
  const served = discovery.paths().filter((path) => /^\/api\/|^\/apis\/.*\//.test(path));

  it.each(served)('%s lists what upstream lists', (path) => {
    const { groupVersion, resources } = ask(discovery, path);
    // Component statuses are not served: see docs/api-coverage.md.
    const wanted = golden.filter((line) => line.startsWith(`${groupVersion} `) && !line.includes('componentstatuses'));
    const found = resources.map((resource) => lineOf(groupVersion, resource));
    expect(found.filter((line) => !line.includes('componentstatuses'))).toEqual(wanted);
  });

  it.each([
    ['/api', '/api/v1'],
    ['/apis', '/apis/apps/v1'],
    ['/apis', '/apis/autoscaling/v2'],
  ])('%s says the same in one document as %s', (root, path) => {
    const { groupVersion, resources } = ask(discovery, path);
    const [version, group] = groupVersion.split('/').toReversed();
    const { items } = ask(discovery, root, list);
    const found = items
      .find(({ metadata }) => metadata.name === group)
      ?.versions.find((one) => one.version === version);
    const withoutHash = ({ storageVersionHash: _, ...resource }: Entry): Entry => resource;
    expect(found?.resources?.flatMap(flat).map((one) => lineOf(groupVersion, one))).toEqual(
      resources.map((one) => lineOf(groupVersion, withoutHash(one))),
    );
    expect(found?.freshness).toBe('Current');
  });

  it('has groups in the order of their priorities', () => {
    expect(names(ask(discovery, '/apis'))).toEqual(
      [
        'apiregistration.k8s.io apps events.k8s.io authentication.k8s.io authorization.k8s.io autoscaling batch',
        'certificates.k8s.io networking.k8s.io policy rbac.authorization.k8s.io storage.k8s.io',
        'admissionregistration.k8s.io apiextensions.k8s.io scheduling.k8s.io coordination.k8s.io node.k8s.io',
        'discovery.k8s.io resource.k8s.io flowcontrol.apiserver.k8s.io',
      ]
        .join(' ')
        .split(' ')
        .filter((name) => discovery.hasGroup(name)),
    );
  });
});

describe('discovery of what comes and goes', () => {
  const widget = (version: string): DiscoveredResource => ({
    ...{ group: 'example.com', version, plural: 'widgets', singular: 'widget', kind: 'Widget' },
    ...{ namespaced: true, verbs: ['get'], short: [], categories: [], subresources: [] },
  });
  const service = (version: string, group: number, priority: number) => ({
    ...{ group: 'metrics.example.com', version },
    priority: { group, version: priority },
  });
  const remote = { resources: [{ resource: 'nodes', responseKind: { kind: 'NodeMetrics' } }], stale: false };

  it('tells of resources as soon as they are served, best version first', () => {
    const discovery = newDiscovery(builtIn, config);
    expect(discovery.hasGroup('example.com')).toBe(false);
    discovery.update({ resources: [...builtIn, widget('v1alpha1'), widget('v2'), widget('v1')] });
    const { versions, preferredVersion } = ask(discovery, '/apis/example.com');
    expect(versions.map(({ version }) => version)).toEqual(['v2', 'v1', 'v1alpha1']);
    expect(preferredVersion.version).toBe('v2');
    expect(names(ask(discovery, '/apis')).at(-1)).toBe('example.com');
    discovery.update({ resources: builtIn });
    expect(discovery.paths()).not.toContain('/apis/example.com');
  });

  it('places groups and versions as their API services say', () => {
    const discovery = newDiscovery(builtIn, config);
    discovery.update({ services: [service('v1', 17_790, 10), { ...service('v1beta1', 10, 20), remote }] });
    expect(names(ask(discovery, '/apis')).slice(0, 4)).toEqual([
      'apiregistration.k8s.io',
      'apps',
      'metrics.example.com',
      'events.k8s.io',
    ]);
    expect(ask(discovery, '/apis/metrics.example.com').preferredVersion.version).toBe('v1beta1');
  });

  it('passes on what other servers tell, and says when it is old', () => {
    const discovery = newDiscovery([], config);
    const services = [
      { ...service('v2', 100, 2), remote },
      { ...service('v1', 100, 1), remote: { resources: [], stale: true } },
      service('v3', 100, 3),
    ];
    discovery.update({ services });
    expect(ask(discovery, '/apis', list).items).toEqual([
      {
        metadata: { name: 'metrics.example.com' },
        versions: [
          { version: 'v2', resources: remote.resources, freshness: 'Current' },
          { version: 'v1', freshness: 'Stale' },
        ],
      },
    ]);
    // Their own documents are theirs to serve.
    expect(discovery.serve(newIncoming({ path: '/apis/metrics.example.com/v2' }))).toBeUndefined();
  });

  it('has another tag when something has changed, and 304 for one that has not', () => {
    const discovery = newDiscovery(builtIn, config);
    const tagged = (tag: string) =>
      discovery.serve(newIncoming({ path: '/apis', headers: { accept: list, 'if-none-match': tag } }));
    const reply = tagged('');
    const etag = reply?.kind === 'bytes' ? String(reply.headers?.['etag']) : '';
    expect(tagged(etag)).toMatchObject({ status: 304, chunks: [] });
    discovery.update({ resources: [...builtIn, widget('v1')] });
    expect(tagged(etag)).toMatchObject({ status: 200 });
  });
});
