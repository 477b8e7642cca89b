import type { Components } from './components';
import { capital, contentOf, groupWords, mediaTypes } from './operations';
import type { Json, OpenApiRow } from './row';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** A document of the server that is about no resource: one path that can be read. */
export interface Page {
  readonly path: string;
  readonly operationId: string;
  readonly description: string;
  readonly tag: string;
  /** Name of the definition; absent: a text. */
  readonly schema?: string;
  /** Media types; those of objects if absent. */
  readonly types?: readonly string[];
}

/** Pages by the document that describes them. */
export type Pages = ReadonlyMap<string, readonly Page[]>;

const common: readonly (readonly [string, Omit<Page, 'path'>])[] = [
  [
    'api',
    {
      operationId: 'getCoreAPIVersions',
      description: 'Which versions of the core group there are.',
      tag: 'core',
      schema: `${meta}.APIVersions`,
    },
  ],
  [
    'apis',
    {
      operationId: 'getAPIVersions',
      description: 'Which groups there are.',
      tag: 'apis',
      schema: `${meta}.APIGroupList`,
    },
  ],
  [
    'version',
    {
      operationId: 'getCodeVersion',
      description: 'Which version of the program this is.',
      tag: 'version',
      schema: 'io.k8s.apimachinery.pkg.version.Info',
      types: ['application/json'],
    },
  ],
  [
    '.well-known/openid-configuration',
    {
      operationId: 'getServiceAccountIssuerOpenIDConfiguration',
      description: 'Who issues tokens of service accounts.',
      tag: 'WellKnown',
      types: ['application/json'],
    },
  ],
  [
    'openid/v1/jwks',
    {
      operationId: 'getServiceAccountIssuerOpenIDKeyset',
      description: 'Keys that verify tokens of service accounts.',
      tag: 'openid',
      types: ['application/jwk-set+json'],
    },
  ],
];

/** What there is beside resources: discovery of every built-in group and version, and a few pages of the server. */
export function pagesOf(rows: readonly OpenApiRow[]): Pages {
  const pages = new Map<string, readonly Page[]>(
    common.map(([document, page]) => [document, [{ path: `/${document}/`, ...page }]]),
  );
  for (const { group, version, custom } of rows) {
    if (custom) continue;
    const words = groupWords(group);
    const name = words.map(capital).join('');
    const tag = `${words[0] ?? ''}${words.slice(1).map(capital).join('')}`;
    const root = group ? `apis/${group}` : 'api';
    if (group) {
      const operationId = `get${name}APIGroup`;
      const description = 'Which versions of the group there are.';
      pages.set(root, [{ path: `/${root}/`, operationId, description, tag, schema: `${meta}.APIGroup` }]);
    }
    const resources = {
      operationId: `get${name}${capital(version)}APIResources`,
      description: 'Which resources there are.',
      tag: `${tag}_${version}`,
      schema: `${meta}.APIResourceList`,
    };
    pages.set(`${root}/${version}`, [{ path: `/${root}/${version}/`, ...resources }]);
  }
  return pages;
}

export function writePage(page: Page, components: Components, paths: Record<string, Json>): void {
  const { path, operationId, description, tag, schema, types = mediaTypes } = page;
  const content = contentOf(types, schema ? components.reference(schema) : { type: 'string' });
  const responses = { 200: { content, description: 'OK' }, 401: { description: 'Unauthorized' } };
  paths[path] = { get: { description, operationId, responses, tags: [tag] } };
}
