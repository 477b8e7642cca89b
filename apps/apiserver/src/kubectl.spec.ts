import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adminToken, startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { serve, type RunningServer } from '@kubephant/http-express';
import { kubeconfig, newAuthority } from '@kubephant/pki';

const run = promisify(execFile);

let directory = '';
let server: TestServer;
let edge: RunningServer;
const stop = new AbortController();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubectl-'));
  const authority = await newAuthority('kubernetes');
  const serving = await authority.issue({ commonName: 'kube-apiserver', usages: ['server'], ips: ['127.0.0.1'] });
  server = await startTestServer();
  const tls = { cert: serving.certificate, key: serving.key };
  edge = await serve(server.handler, { port: 0, tls }, stop.signal);
  const config = kubeconfig({
    server: `https://127.0.0.1:${edge.port}`,
    certificateAuthority: authority.certificate,
    user: 'admin',
    credentials: { token: adminToken },
  });
  await writeFile(join(directory, 'kubeconfig'), config);
});
afterAll(async () => {
  stop.abort();
  await edge.closed;
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function kubectl(...args: readonly string[]): Promise<string> {
  const common = [`--kubeconfig=${join(directory, 'kubeconfig')}`, `--cache-dir=${join(directory, 'cache')}`];
  const { stdout } = await run('kubectl', [...common, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** `deployments apps/v1` of every resource that kubectl finds. */
async function resources(): Promise<readonly (readonly [resource: string, apiVersion: string])[]> {
  const lines = (await kubectl('api-resources', '--no-headers')).trim().split('\n');
  return lines.map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return [name, rest.find((word) => /^([a-z0-9.-]+\/)?v\d/.test(word)) ?? ''] as const;
  });
}

describe('kubectl', () => {
  it('finds every resource', async () => {
    const found = (await resources()).map(([name, apiVersion]) => `${apiVersion} ${name}`);
    expect(found).toEqual(
      expect.arrayContaining(['v1 pods', 'apps/v1 deployments', 'apiregistration.k8s.io/v1 apiservices']),
    );
    expect(found.length).toBeGreaterThan(60);
  });

  it('explains every resource in full', async () => {
    const unread: string[] = [];
    for (const [name, apiVersion] of await resources()) {
      const text = await kubectl('explain', name, `--api-version=${apiVersion}`, '--recursive');
      const [group, version = group] = apiVersion.split('/');
      const isWhole = /\n {2}metadata\t<ObjectMeta>[^\n]*\n {4}annotations\t/.test(text);
      const isDescribed = text.includes(`VERSION:    ${version ?? ''}\n`) && !text.includes('<empty>');
      if (!isWhole || !isDescribed) unread.push(`${apiVersion} ${name}`);
    }
    expect(unread).toEqual([]);
  }, 120_000);

  it.each([
    ['pods.spec.containers.ports.protocol', 'ENUM:\n    SCTP\n    TCP\n    UDP\n'],
    ['apiservice.spec.groupPriorityMinimum', 'FIELD: groupPriorityMinimum <integer>'],
    ['deploy.spec.template.spec.containers.livenessProbe', 'FIELD: livenessProbe <Probe>'],
    ['crd.spec.versions.schema.openAPIV3Schema.pattern', 'A regular expression'],
  ])('explains the field %s', async (path, text) => {
    expect(await kubectl('explain', path)).toContain(text);
  });

  it('shows what a cluster begins with', async () => {
    const shown = await kubectl('get', 'apiservices,servicecidrs,ipaddresses', '--no-headers');
    const rows = shown.split('\n').map((line) => line.trim());
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^apiservice\.apiregistration\.k8s\.io\/v1\.apps +Local +True +\S+$/),
        expect.stringMatching(/^servicecidr\.networking\.k8s\.io\/kubernetes +10\.96\.0\.0\/16 +\S+$/),
        expect.stringMatching(/^ipaddress\.networking\.k8s\.io\/10\.96\.0\.1 +services\/default\/kubernetes$/),
      ]),
    );
  });

  it('reads documents as they are', async () => {
    const index = JSON.parse(await kubectl('get', '--raw', '/openapi/v3')) as { paths: object };
    expect(Object.keys(index.paths)).toEqual(
      expect.arrayContaining(['api/v1', 'apis/apps', 'apis/apps/v1', 'version']),
    );
    expect(JSON.parse(await kubectl('get', '--raw', '/apis/apps'))).toMatchObject({ kind: 'APIGroup', name: 'apps' });
  });
});
