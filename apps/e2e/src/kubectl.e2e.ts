import { apply, kubectl, tokenKubeconfig, tryKubectl } from './harness/cluster';
import { eventually } from './harness/eventually';
import { testNamespace } from './harness/namespace';

const namespace = testNamespace('kubectl');
const inNamespace = (line: string): string => `-n ${namespace} ${line}`;
const metadata = (name: string, rest: object = {}): object => ({ name, namespace, ...rest });
const configMap = (name: string, data: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata(name),
  data,
});

describe('kubectl', () => {
  it('explains', async () => {
    const text = await kubectl('explain deployment.spec.strategy');
    expect(text).toContain('GROUP:      apps');
    expect(text).toContain('FIELD: strategy <DeploymentStrategy>');
    expect(text).toContain('rollingUpdate');
    expect(text).toMatch(/DESCRIPTION:\n +\S/);
  });

  it('lists what there is', async () => {
    const resources = await kubectl('api-resources');
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(await kubectl('version')).toContain('Server Version: v1.36');
  });

  it('labels, annotates, patches and reads back', async () => {
    await apply(configMap('a', { k: 'v' }));
    await kubectl(inNamespace('label configmap a tier=x'));
    await kubectl(inNamespace('annotate configmap a note=hello'));
    await kubectl(inNamespace(`patch configmap a --type=merge -p '{"data":{"l":"w"}}'`));
    await kubectl(inNamespace(`patch configmap a --type=json -p '[{"op":"remove","path":"/data/k"}]'`));
    expect(
      await kubectl(
        inNamespace(`get configmap -l tier=x -o 'jsonpath={.items[0].data}{.items[0].metadata.annotations.note}'`),
      ),
    ).toBe('{"l":"w"}hello');
  });

  it('edits', async () => {
    await apply(configMap('edited', { k: 'before' }));
    await kubectl(inNamespace('edit configmap edited'), { env: { KUBE_EDITOR: 'sed -i s/before/after/' } });
    expect(await kubectl(inNamespace(`get configmap edited -o 'jsonpath={.data.k}'`))).toBe('after');
  });

  it('shows a difference and applies it', async () => {
    await apply(configMap('d', { k: '1' }));
    const changed = JSON.stringify(configMap('d', { k: '2' }));
    const diff = await tryKubectl('diff -f -', { input: changed });
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^- {2}k: "1"\n\+ {2}k: "2"$/m);
    await kubectl('apply -f -', { input: changed });
    expect((await tryKubectl('diff -f -', { input: changed })).code).toBe(0);
  });

  it('applies server-side, and two managers conflict', async () => {
    const input = JSON.stringify(configMap('ssa', { k: '1' }));
    expect(await kubectl('apply --server-side --field-manager=one -f -', { input })).toContain('serverside-applied');
    const other = JSON.stringify(configMap('ssa', { k: '2' }));
    const refused = await tryKubectl('apply --server-side --field-manager=two -f -', { input: other });
    expect(refused.stderr).toContain('conflict with "one": .data.k');
    await kubectl('apply --server-side --field-manager=two --force-conflicts -f -', { input: other });
    expect(await kubectl(inNamespace(`get configmap ssa -o 'jsonpath={.data.k}'`))).toBe('2');
  });

  it('waits and watches', async () => {
    await apply(configMap('w', {}));
    const watching = tryKubectl(inNamespace('get configmap w -w -o name --request-timeout=10s'));
    const waiting = kubectl(inNamespace('wait configmap/w --for=delete --timeout=30s'));
    await eventually(async () => kubectl(inNamespace('annotate configmap w seen=yes --overwrite')));
    await kubectl(inNamespace('delete configmap w'));
    expect(await waiting).toContain('condition met');
    expect((await watching).stdout).toMatch(/^configmap\/w$/m);
  });

  it('creates by generators', async () => {
    await kubectl(inNamespace('create configmap gen --from-literal=a=b'));
    await kubectl(inNamespace('create secret generic gen --from-literal=a=b'));
    await kubectl(inNamespace('create serviceaccount gen'));
    await kubectl(inNamespace('create role gen --verb=get --resource=pods'));
    await kubectl(inNamespace(`create rolebinding gen --role=gen --serviceaccount=${namespace}:gen`));
    await kubectl(inNamespace('create deployment gen --image=kubephant.local/busybox:1 --replicas=0 -- sleep 600'));
    await kubectl(inNamespace('expose deployment gen --port=80'));
    const as = `--as=system:serviceaccount:${namespace}:gen`;
    expect((await tryKubectl(inNamespace(`auth can-i get pods ${as}`))).stdout.trim()).toBe('yes');
    expect((await tryKubectl(inNamespace(`auth can-i delete pods ${as}`))).stdout.trim()).toBe('no');
    const token = (await kubectl(inNamespace('create token gen'))).trim();
    const denied = await tryKubectl(inNamespace(`delete pod x --token=${token}`), {
      env: { KUBECONFIG: tokenKubeconfig },
    });
    expect(denied.stderr).toContain('forbidden');
  });

  it('deletes dependents with their owner, or leaves them', async () => {
    for (const [name, cascade] of [
      ['gone', 'background'],
      ['kept', 'orphan'],
    ] as const) {
      await kubectl(inNamespace(`create deployment ${name} --image=kubephant.local/busybox:1 --replicas=0`));
      const count = async (): Promise<number> =>
        (await kubectl(inNamespace(`get replicasets -l app=${name} -o name`))).split('\n').filter(Boolean).length;
      await eventually(async () => expect(await count()).toBe(1));
      await kubectl(inNamespace(`delete deployment ${name} --cascade=${cascade}`));
      if (cascade === 'background') await eventually(async () => expect(await count()).toBe(0));
      else expect(await count()).toBe(1);
    }
  });

  it('empties a namespace that it deletes', async () => {
    const doomed = `${namespace}-doomed`;
    await kubectl(`create namespace ${doomed}`);
    await kubectl(`-n ${doomed} create configmap c`);
    await kubectl(`delete namespace ${doomed} --timeout=60s`);
    expect((await tryKubectl(`get namespace ${doomed}`)).stderr).toContain('not found');
  });
});

describe('a bad manifest', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'bad' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  };

  it.each<[string, object, string, string]>([
    [
      'an unknown field',
      { ...deployment, spec: { ...deployment.spec, replicaCount: 2 } },
      '--validate=strict',
      'unknown field "spec.replicaCount"',
    ],
    [
      'a wrong type',
      { ...deployment, spec: { ...deployment.spec, replicas: 'two' } },
      '--validate=false',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a bad name',
      { ...deployment, metadata: { name: 'Bad_Name' } },
      '--validate=strict',
      'metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of',
    ],
    [
      'a missing selector',
      { ...deployment, spec: { template: deployment.spec.template } },
      '--validate=false',
      'spec.selector: Required value',
    ],
  ])('with %s is refused and not stored', async (_title, manifest, flags, message) => {
    const { code, stderr } = await tryKubectl(inNamespace(`create ${flags} -f -`), { input: JSON.stringify(manifest) });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(await kubectl(inNamespace('get deployments bad Bad_Name --ignore-not-found'))).toBe('');
  });

  it('of four megabytes is too large', async () => {
    const { stderr } = await tryKubectl(inNamespace('create -f -'), {
      input: JSON.stringify(configMap('large', { k: 'x'.repeat(4 * 1024 * 1024) })),
    });
    expect(stderr).toMatch(/Request entity too large|limit is 3145728/);
  });
});
