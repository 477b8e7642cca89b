import { schemas } from '../registry';
import { cloneAsGiven, decodeJson, decodeYaml, emptyAsGiven, encodeYaml, variant } from '.';

const core = (kind: string) => schemas.get(`io.k8s.api.core.v1.${kind}`);
const decoded = (kind: string, value: unknown): unknown =>
  decodeJson(core(kind), JSON.stringify(value), 'Ignore').object;

describe('what decoding makes of a value', () => {
  it.each<[string, string, unknown, unknown]>([
    [
      'writes objects that are no pointers',
      'PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: [{ name: 'a', resources: {} }] },
    ],
    ['writes required fields that are absent', 'ContainerPort', {}, { containerPort: 0 }],
    [
      'keeps the zero value of a pointer and drops that of a value',
      'PodSpec',
      { containers: null, hostNetwork: false, terminationGracePeriodSeconds: 0, nodeName: '' },
      { containers: null, terminationGracePeriodSeconds: 0 },
    ],
    ['takes an empty list as none where none is written', 'PodSpec', { containers: [] }, { containers: null }],
    ['keeps an empty object that is there', 'Volume', { name: 'a', emptyDir: {} }, { name: 'a', emptyDir: {} }],
    ['takes null in a map of bytes as empty', 'Secret', { data: { a: null } }, { metadata: {}, data: { a: '' } }],
    [
      'takes null as absent',
      'PodSpec',
      { containers: null, volumes: null, securityContext: null, nodeSelector: null },
      { containers: null },
    ],
    [
      'takes null in a map and in a list as zero',
      'ConfigMap',
      { data: { a: null }, metadata: { finalizers: [null] } },
      { metadata: { finalizers: [''] }, data: { a: '' } },
    ],
    [
      'puts fields in the order of the API',
      'ConfigMap',
      { data: { b: '1', a: '2' }, metadata: { namespace: 'x', name: 'y' }, apiVersion: 'v1', kind: 'ConfigMap' },
      { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'y', namespace: 'x' }, data: { b: '1', a: '2' } },
    ],
    ['prunes what the schema does not know', 'LocalObjectReference', { name: 'a', other: { b: 1 } }, { name: 'a' }],
    [
      'makes quantities canonical',
      'ResourceRequirements',
      { limits: { cpu: '1000m', memory: '1.5Gi' }, requests: { cpu: 0.5 } },
      { limits: { cpu: '1', memory: '1536Mi' }, requests: { cpu: '500m' } },
    ],
    [
      'makes times canonical',
      'PodCondition',
      { type: 'a', status: 'b', lastProbeTime: '2024-02-29T01:30:00.9+02:00' },
      { type: 'a', status: 'b', lastProbeTime: '2024-02-28T23:30:00Z', lastTransitionTime: null },
    ],
    [
      'strips line breaks from base64',
      'Secret',
      { data: { a: 'YWJj\nZGVm' } },
      { metadata: {}, data: { a: 'YWJjZGVm' } },
    ],
    [
      'keeps keys such as __proto__ as data',
      'ConfigMap',
      JSON.parse('{"data":{"__proto__":"a","constructor":"b"}}'),
      JSON.parse('{"metadata":{},"data":{"__proto__":"a","constructor":"b"}}'),
    ],
  ])('%s', (_, kind, value, expected) => {
    expect(JSON.stringify(decoded(kind, value))).toBe(JSON.stringify(expected));
  });

  it('keeps the greatest integers within 64 bits', () => {
    const text = '{"containers":[],"activeDeadlineSeconds":9223372036854775807}';
    const { object } = decodeJson(core('PodSpec'), text);
    expect(BigInt(JSON.stringify(object['activeDeadlineSeconds']))).toBeLessThan(2n ** 63n);
  });

  it('reads YAML as version 1.1 does, dates as text, and only the first document', () => {
    const text =
      'data:\n  a: "yes"\n  b: 2001-01-01\n  c: 1:30\nmetadata:\n  generation: 0644\nimmutable: yes\n---\nx: 1\n';
    expect(decodeYaml(core('ConfigMap'), text).object).toEqual({
      metadata: { generation: 420 },
      data: { a: 'yes', b: '2001-01-01', c: '1:30' },
      immutable: true,
    });
  });

  it('tells which lists and maps were given empty, as long as the object is the one that was made', () => {
    const { object } = decodeJson(core('PodSpec'), '{"containers":[],"nodeSelector":{},"volumes":null}', 'Ignore');
    const fields = ['containers', 'nodeSelector', 'volumes', 'tolerations'];
    const empties = (holder: object): readonly unknown[] => fields.map((field) => emptyAsGiven(holder, field));
    expect(empties(object)).toEqual([[], {}, undefined, undefined]);
    expect(empties(cloneAsGiven(object))).toEqual(empties(object));
    expect(empties({ ...object })).toEqual([undefined, undefined, undefined, undefined]);
    expect(empties(variant(object, { nodeSelector: { a: 'b' } }))).toEqual([[], undefined, undefined, undefined]);
  });

  it('takes for numbers of YAML only what has digits before its exponent and around its point', () => {
    const text = 'data: {a: e5, b: E1234567, c: -e1, d: .e1, e: ., f: -., g: ._, .: h}\n';
    expect(decodeYaml(core('ConfigMap'), text).object['data']).toEqual({
      ...{ a: 'e5', b: 'E1234567', c: '-e1', d: '.e1', e: '.', f: '-.', g: '._' },
      '.': 'h',
    });
    const numbers = 'status: {capacity: {a: 1e3, b: 1.5, c: .5, d: -1.e+3, e: 1_0.5_0}}';
    expect(decodeYaml(core('Node'), numbers).object).toMatchObject({
      status: { capacity: { a: '1k', b: '1500m', c: '500m', d: '-1k', e: '10500m' } },
    });
  });

  it('reads JSON as YAML however long it is, and refuses YAML that would keep everybody waiting', () => {
    const data = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 'v']));
    expect(decodeYaml(core('ConfigMap'), JSON.stringify({ data })).object['data']).toEqual(data);
    expect(() => decodeYaml(core('ConfigMap'), encodeYaml({ data }))).toThrow('yaml: document has too many parts');
  });

  it('tells duplicate keys of JSON that came as YAML by line', () => {
    expect(decodeYaml(core('ConfigMap'), '{"data": {"a": "1",\n"a": "2"}}').problems).toEqual([
      'line 2: key "a" already set in map',
    ]);
  });

  it('writes YAML that reads back as the same', () => {
    const object = {
      metadata: { name: 'x' },
      data: { a: 'yes', b: '0644', c: '1:30', d: 'x\ny\n', e: '2001-01-01', f: '' },
    };
    expect(decodeYaml(core('ConfigMap'), encodeYaml(object)).object).toEqual(object);
  });
});
