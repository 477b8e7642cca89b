import { mutateJson, mutateText, Random } from '@kubephant/fuzz';
import { encodeYaml } from '@kubephant/schema';
import { newRig, type Rig } from './testing/rig';

const core = '/api/v1/namespaces/default';
const object = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'a', labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: ['example.com/x'] },
  data: { e: 'f' },
};
const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'a' },
  spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: 'b' }] }] },
};
const operations = [
  { op: 'add', path: '/data/x', value: 'y' },
  { op: 'remove', path: '/metadata/labels/a' },
  { op: 'copy', from: '/data', path: '/metadata/annotations' },
];
const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'a' }, propagationPolicy: 'Orphan' };

const json = JSON.stringify;
const bodies = [object, pod, options].map((one) => json(one));
const requests: readonly (readonly [verb: string, path: string, type: string, bodies: readonly string[]])[] = [
  ['POST', `${core}/configmaps?fieldValidation=Strict`, 'application/json', bodies],
  ['POST', `${core}/pods?dryRun=All`, 'application/yaml', [encodeYaml(pod)]],
  ['PUT', `${core}/configmaps/a`, 'application/json', bodies],
  ['PATCH', `${core}/configmaps/a`, 'application/json-patch+json', [json(operations)]],
  ['PATCH', `${core}/configmaps/a`, 'application/merge-patch+json', bodies],
  ['PATCH', `${core}/configmaps/a`, 'application/strategic-merge-patch+json', bodies],
  ['PATCH', `${core}/configmaps/a?fieldManager=b&force=true`, 'application/apply-patch+yaml', bodies],
  ['DELETE', `${core}/configmaps/b`, 'application/json', [json(options)]],
  ['DELETE', `${core}/configmaps?labelSelector=z`, 'application/json', [json(options)]],
  ['GET', `${core}/configmaps?labelSelector=a%3Db&fieldSelector=metadata.name%3Da&limit=1`, '', ['']],
  ['GET', `${core}/configmaps?resourceVersion=0&resourceVersionMatch=NotOlderThan&continue=abc`, '', ['']],
];
const accepts = [
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'text/html',
];

const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);

/** A request in which the path, the body or a header is not quite what it was. */
function draw(random: Random): Parameters<Rig['ask']> {
  const [verb, path, type, seeds] = random.pick(requests);
  const text = random.oneIn(2) ? mutateText(random, seeds) : structured(random, random.pick(seeds));
  const url = random.oneIn(4) ? mutateText(random, [path]) : path;
  const headers = {
    'content-type': printable(random.oneIn(10) ? mutateText(random, [type]) : type),
    accept: printable(random.oneIn(5) ? mutateText(random, accepts) : '*/*'),
  };
  return [`${verb} /${encodeURI(url.toWellFormed().replaceAll(/^\/+|[ #]/g, ''))}`, { body: text, headers }];
}

const structured = (random: Random, seed: string): string =>
  seed.startsWith('{') || seed.startsWith('[') ? json(mutateJson(random, [JSON.parse(seed)])) : seed;

const printable = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '').trim();

describe('any request', () => {
  it('is answered by an object or by a Status, and harms nothing', async () => {
    const rig = newRig();
    await rig.ask(`POST ${core}/configmaps`, { body: object });
    const random = new Random(seed);
    const end = performance.now() + (minutes > 0 ? minutes * 60_000 : 5000);
    for (let count = 0; (minutes > 0 || count < 3000) && performance.now() < end; count++) {
      const [request, asked] = draw(random);
      const { status, body } = await rig.ask(request, asked).catch((err: unknown) => {
        throw new Error(`${request} ${json(asked)}`, { cause: err });
      });
      if (status >= 300) expect(body).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
      // Upstream has words for some bad input that come without a reason, as a 500.
      if (status >= 500) expect([request, asked, body]).toEqual([request, asked, withoutReason]);
    }
    const fresh = await rig.ask(`POST ${core}/secrets`, { body: { metadata: { name: 'after' } } });
    expect([fresh.status, Object.keys(Object.prototype)]).toEqual([201, []]);
  }, 86_400_000);
});

const withoutReason = expect.not.objectContaining({ reason: expect.anything() as unknown }) as object;
