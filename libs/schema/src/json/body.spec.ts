import { StatusError } from '@kubephant/api';
import { schemaOfKind } from '../kinds';
import { encodeProtobuf } from '../protobuf';
import { decodeBody, type FieldValidation } from '.';

interface Case {
  readonly body: string | object;
  readonly expect?: string;
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly yaml?: true;
  readonly validation?: FieldValidation;
  readonly problems?: readonly string[];
}

function run({ body, expect: _, kind = 'ConfigMap', apiVersion = 'v1', yaml, validation }: Case): unknown {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const schema = schemaOfKind(apiVersion, kind)!;
  try {
    return decodeBody(bytes, yaml ? 'yaml' : 'json', { apiVersion, kind, schema }, validation).problems;
  } catch (err) {
    if (!(err instanceof StatusError)) throw err;
    return `${err.code} ${err.message}`;
  }
}

const unrecognized = '400 the object provided is unrecognized (must be of type ConfigMap): ';
const jsonError = `${unrecognized}couldn't get version/kind; json parse error: `;
const typeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
const cannot = (kind: string): string => `400 ${kind} in version "v1" cannot be handled as a ${kind}: `;
const scheme = 'in scheme "pkg/api/legacyscheme/scheme.go:30"';
const start = '{"apiVersion":"v1","kind":"Con ...';
const cm = (rest: string): string => `{"apiVersion":"v1","kind":"ConfigMap",${rest}}`;
const pod = (spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });

describe('a body that cannot be read', () => {
  it.each<[string, Case]>([
    ['empty', { body: '', expect: `${jsonError}unexpected end of JSON input (<empty>)` }],
    ['cut off', { body: '{"a":', expect: `${jsonError}unexpected end of JSON input ({"a":)` }],
    [
      'text',
      { body: 'hello', expect: `${jsonError}invalid character 'h' looking for beginning of value (68656c6c6f)` },
    ],
    [
      'a list',
      { body: [], expect: `${jsonError}json: cannot unmarshal array into Go value of type ${typeMeta} (5b5d)` },
    ],
    [
      'true',
      { body: 'true', expect: `${jsonError}json: cannot unmarshal bool into Go value of type ${typeMeta} (74727565)` },
    ],
    [
      'a trailing comma',
      {
        body: '{"apiVersion":"v1","kind":"ConfigMap",}',
        expect: `${jsonError}invalid character '}' looking for beginning of object key string (${start})`,
      },
    ],
    [
      'text after it',
      { body: `${cm('"data":{}')}x`, expect: `${jsonError}invalid character 'x' after top-level value (${start})` },
    ],
    [
      'a bad escape',
      { body: cm('"data":{"a":"\\x"}'), expect: `${jsonError}invalid character 'x' in string escape code (${start})` },
    ],
    [
      'a bad number',
      { body: cm('"data":{"a":-}'), expect: `${jsonError}invalid character '}' in numeric literal (${start})` },
    ],
    [
      'a bad word',
      {
        body: cm('"data":{"a":nul}'),
        expect: `${jsonError}invalid character '}' in literal null (expecting 'l') (${start})`,
      },
    ],
    [
      'a line break in a string',
      { body: cm('"data":{"a":"\n"}'), expect: `${jsonError}invalid character '\\n' in string literal (${start})` },
    ],
    [
      'no comma',
      {
        body: cm('"data":{"a":"b" "c":"d"}'),
        expect: `${jsonError}invalid character '"' after object key:value pair (${start})`,
      },
    ],
    [
      'a kind that is no text',
      {
        body: '{"kind":5}',
        expect: `${jsonError}json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})`,
      },
    ],
    [
      'a version with two slashes',
      {
        body: '{"apiVersion":"a/b/c"}',
        expect: `${unrecognized}unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})`,
      },
    ],
    [
      'an unknown kind',
      {
        body: { kind: 'Nope' },
        expect: `400 Nope in version "v1" cannot be handled as a ConfigMap: no kind "Nope" is registered for version "v1" ${scheme}`,
      },
    ],
    [
      'an unknown version',
      {
        body: { apiVersion: 'bogus/v9' },
        expect: `400 ConfigMap in version "v9" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "bogus/v9" ${scheme}`,
      },
    ],
    [
      'another kind',
      {
        body: { apiVersion: 'apps/v1', kind: 'Deployment' },
        expect:
          '400 Deployment in version "v1" cannot be handled as a ConfigMap: converting (v1.Deployment) to (core.ConfigMap): unknown conversion',
      },
    ],
    [
      'a list',
      {
        body: { apiVersion: 'v1', kind: 'List', items: [] },
        expect:
          '400 List in version "v1" cannot be handled as a ConfigMap: converting (v1.List) to (core.ConfigMap): unknown conversion',
      },
    ],
    [
      'bad YAML',
      {
        yaml: true,
        body: 'a: b: c\n',
        expect: `${unrecognized}yaml: mapping values are not allowed in this context (613a20623a20630a)`,
      },
    ],
    [
      'a tab in YAML',
      {
        yaml: true,
        body: 'apiVersion: v1\n\tkind: x\n',
        expect: `${unrecognized}yaml: line 2: found a tab character that violates indentation (61706956657273696f6e3a2076310a096b696e643a20780a)`,
      },
    ],
    [
      'too deep',
      {
        body: cm(`"data":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
        expect: `${jsonError}exceeded max depth (${start})`,
      },
    ],
  ])('is answered as upstream does: %s', (_, example) => {
    expect(run(example)).toBe(example.expect);
  });

  it.each([
    [
      'no magic number',
      '0a000000',
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (0a000000)',
    ],
    ['nothing behind it', '6b387300', 'empty body (6b387300)'],
    ['cut off', '6b3873000a99', 'unexpected EOF (6b3873000a99)'],
    ['empty', '', 'empty data (<empty>)'],
  ])('is answered as upstream does when it is protobuf and has %s', (_, hex, message) => {
    const expected = { apiVersion: 'v1', kind: 'ConfigMap', schema: schemaOfKind('v1', 'ConfigMap')! };
    expect(() => decodeBody(Buffer.from(hex, 'hex'), 'protobuf', expected)).toThrow(
      new StatusError('BadRequest', `${unrecognized.slice(4)}${message}`),
    );
  });

  it('refuses YAML whose anchors explode, and YAML that nests without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((line, i) =>
      i === 0
        ? line
        : `${line}: &${line} [${Array(9)
            .fill(`*${String.fromCharCode(96 + i)}`)
            .join(',')}]`,
    );
    expect(run({ yaml: true, body: bomb.join('\n') })).toMatch(/^400 .*yaml: /);
    expect(run({ yaml: true, body: '['.repeat(50_000) })).toMatch(/^400 .*yaml: /);
  });
});

describe('a body in protobuf', () => {
  it('is read as its JSON would be', () => {
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { b: 'c' } };
    const schema = schemaOfKind('v1', 'ConfigMap')!;
    const body = encodeProtobuf(schema, object);
    expect(decodeBody(body, 'protobuf', { apiVersion: 'v1', kind: 'ConfigMap', schema })).toEqual({
      object,
      problems: [],
      schema,
    });
  });
});

describe('a value of the wrong type', () => {
  it.each<[string, Case]>([
    [
      'a number for a text',
      {
        body: cm('"data":{"a":1}'),
        expect: `${cannot('ConfigMap')}json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
      },
    ],
    [
      'a list for a map',
      {
        body: cm('"data":[]'),
        expect: `${cannot('ConfigMap')}json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string`,
      },
    ],
    [
      'a text for an object',
      {
        body: cm('"metadata":"x"'),
        expect: `${cannot('ConfigMap')}json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta`,
      },
    ],
    [
      'bad base64',
      { body: cm('"binaryData":{"a":"!!"}'), expect: `${cannot('ConfigMap')}illegal base64 data at input byte 0` },
    ],
    [
      'a bad time',
      {
        body: cm('"metadata":{"creationTimestamp":"yesterday"}'),
        expect: `${cannot('ConfigMap')}parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"`,
      },
    ],
    [
      'an integer too large',
      {
        kind: 'Pod',
        body: pod({ priority: 99999999999 }),
        expect: `${cannot('Pod')}json: cannot unmarshal number 99999999999 into Go struct field PodSpec.spec.priority of type int32`,
      },
    ],
    [
      'a fraction',
      {
        kind: 'Pod',
        body: pod({ priority: 1.5 }),
        expect: `${cannot('Pod')}json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32`,
      },
    ],
    [
      'a text for a boolean',
      {
        kind: 'Pod',
        body: pod({ hostNetwork: 'yes' }),
        expect: `${cannot('Pod')}json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool`,
      },
    ],
    [
      'a number for a named text',
      {
        kind: 'Pod',
        body: pod({ containers: [{ ports: [{ protocol: 1 }] }] }),
        expect: `${cannot('Pod')}json: cannot unmarshal number into Go struct field ContainerPort.spec.containers.ports.protocol of type v1.Protocol`,
      },
    ],
    [
      'a text in an inlined field',
      {
        kind: 'Pod',
        body: pod({ containers: [{ livenessProbe: { exec: { command: [1] } } }] }),
        expect: `${cannot('Pod')}json: cannot unmarshal number into Go struct field ExecAction.spec.containers.livenessProbe.ProbeHandler.exec.command of type string`,
      },
    ],
    [
      'a bad quantity',
      {
        kind: 'Pod',
        body: pod({ containers: [{ resources: { requests: { cpu: 'abc' } } }] }),
        expect: `${cannot('Pod')}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
      },
    ],
    [
      'a bad suffix',
      {
        kind: 'Pod',
        body: pod({ containers: [{ resources: { requests: { cpu: '100mi' } } }] }),
        expect: `${cannot('Pod')}unable to parse quantity's suffix`,
      },
    ],
    [
      'an object for a port',
      {
        kind: 'Service',
        body: { spec: { ports: [{ targetPort: {} }] } },
        expect: `${cannot('Service')}json: cannot unmarshal object into Go struct field ServicePort.spec.ports.targetPort of type int32`,
      },
    ],
    [
      'a text for a schema or boolean',
      {
        kind: 'CustomResourceDefinition',
        apiVersion: 'apiextensions.k8s.io/v1',
        body: { spec: { versions: [{ schema: { openAPIV3Schema: { additionalProperties: 'x' } } }] } },
        expect: `${cannot('CustomResourceDefinition')}boolean or JSON schema expected`,
      },
    ],
  ])('is refused in upstream’s words: %s', (_, example) => {
    expect(run(example)).toBe(example.expect);
  });
});

describe('unknown and duplicate fields', () => {
  const duplicate = cm('"metadata":{"name":"r1","name":"r2"},"zz":1');
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fv\n  name: fw\n  bogusMeta: 1\nbogus: 1\n';
  it.each<[string, Case]>([
    [
      'are reported in the order of the text',
      { body: duplicate, problems: ['duplicate field "metadata.name"', 'unknown field "zz"'] },
    ],
    ['are not looked for when ignored', { body: duplicate, validation: 'Ignore', problems: [] }],
    ['are told by case', { body: cm('"Data":{}'), problems: ['unknown field "Data"'] }],
    [
      'have a path through lists',
      {
        kind: 'Pod',
        body: pod({ containers: [{ name: 'a', Image: 'x' }], foo: 1 }),
        problems: ['unknown field "spec.containers[0].Image"', 'unknown field "spec.foo"'],
      },
    ],
    [
      'are reported once, and not from inside unknown ones',
      {
        body: cm('"x":{"y":1,"y":2},"data":{"a":"1","a":"2","a":"3"}'),
        problems: ['unknown field "x"', 'duplicate field "data.a"'],
      },
    ],
    [
      'are told in YAML by line, then sorted',
      {
        yaml: true,
        body: yaml,
        problems: [
          'line 5: key "name" already set in map',
          'unknown field "bogus"',
          'unknown field "metadata.bogusMeta"',
        ],
      },
    ],
    [
      'see escaped keys as what they are',
      { body: cm('"data":{"a":"1","\\u0061":"2"}'), problems: ['duplicate field "data.a"'] },
    ],
    [
      'count __proto__ as a field',
      {
        body: cm('"__proto__":{"x":1},"constructor":1'),
        problems: ['unknown field "__proto__"', 'unknown field "constructor"'],
      },
    ],
  ])('%s', (_, example) => {
    expect(run(example)).toEqual(example.problems);
  });

  it.each<[string, Case]>([
    [
      'JSON',
      {
        body: duplicate,
        validation: 'Strict',
        expect: `${cannot('ConfigMap')}strict decoding error: duplicate field "metadata.name", unknown field "zz"`,
      },
    ],
    [
      'YAML',
      {
        yaml: true,
        body: yaml,
        validation: 'Strict',
        expect: `${cannot('ConfigMap')}strict decoding error: yaml: unmarshal errors:\n  line 5: key "name" already set in map, unknown field "bogus", unknown field "metadata.bogusMeta"`,
      },
    ],
  ])('fail a strict request in %s', (_, example) => {
    expect(run(example)).toBe(example.expect);
  });
});
