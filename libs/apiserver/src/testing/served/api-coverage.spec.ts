import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestServer, type TestServer } from '../server';
import {
  compare,
  describeCoverage,
  isWanting,
  keyOf,
  parseUpstream,
  type Compared,
  type Offered,
} from './api-coverage';
import { reasons } from './reasons';

const document = join(__dirname, '..', '..', '..', '..', '..', 'docs', 'api-coverage.md');

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly namespaced: boolean; readonly verbs: string[] }[];
}

/** What the server itself says that it serves. */
async function offered({ ask }: Pick<TestServer, 'ask'>): Promise<readonly Offered[]> {
  const { body } = await ask('GET /apis');
  const { groups } = body as { groups: { versions: { groupVersion: string }[] }[] };
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  const lists = ['v1', ...versions].map(async (apiVersion) => {
    const path = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const { resources } = (await ask(`GET ${path}`)).body as ResourceList;
    return resources.map((one) => ({ apiVersion, ...one }));
  });
  return (await Promise.all(lists)).flat();
}

describe('the coverage of the API', () => {
  let served: readonly Offered[];
  let compared: readonly Compared[];
  beforeAll(async () => {
    await using server = await startTestServer();
    const upstream = parseUpstream(readFileSync(join(__dirname, 'kubernetes-1.36.txt'), 'utf8'));
    served = await offered(server);
    compared = compare(upstream, served);
  });

  it('gives a reason for all that is missing, and for nothing else', () => {
    const wanting = compared.filter(isWanting).map(({ wanted }) => keyOf(wanted));
    expect(Object.keys(reasons).sort()).toEqual([...wanting].sort());
  });

  it('offers nothing that upstream does not', () => {
    const known = new Map(compared.map(({ wanted }) => [keyOf(wanted), wanted.verbs]));
    const more = served.filter((one) => one.verbs.some((verb) => !known.get(keyOf(one))?.includes(verb)));
    expect(more).toEqual([]);
  });

  it('is written down as it is', () => {
    const text = describeCoverage(compared, reasons);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(document, text);
    expect(readFileSync(document, 'utf8')).toBe(text);
  });
});
