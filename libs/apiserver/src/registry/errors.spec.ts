import type { Status } from '@kubephant/api';
import { newRig } from './testing/rig';
import { testRows } from './testing/rows';

const configMaps = '/api/v1/namespaces/default/configmaps';
const map = (metadata: object, rest: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...rest });
const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';

const formats = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const noMethod = 'the server does not allow this method on the requested resource';
const nothingThere = 'the server could not find the requested resource';
const rejected = 'the server rejected our request due to an error in our request';
const unrecognized = 'the object provided is unrecognized (must be of type ConfigMap):';
const noMatch = 'the namespace of the provided object does not match the namespace sent on the request';

interface Case {
  readonly request: string;
  readonly answer: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

/** `code reason message`, as upstream 1.36.2 answers. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  paths: [
    { request: 'GET /api/v1/nopes', answer: `404 NotFound ${nothingThere}` },
    { request: 'GET /api/v2/configmaps', answer: `404 NotFound ${nothingThere}` },
    { request: `GET ${configMaps}/a/status`, answer: `404 NotFound ${nothingThere}` },
    {
      request: 'GET /apis/example.com/v1/namespaces/default/widgets/a/status/more',
      answer: `404 NotFound ${nothingThere}`,
    },
    { request: 'GET /api/v1/namespaces/default/nodes', answer: `404 NotFound ${nothingThere}` },
    { request: 'GET /api/v1/configmaps/a', answer: `404 NotFound ${nothingThere}` },
    {
      request: 'GET /api/v1/namespaces/default/pods/missing/log?limitBytes=-1',
      answer: '422 Invalid PodLogOptions "missing" is invalid: limitBytes: Invalid value: -1: must be greater than 0',
    },
    { request: `GET ${configMaps}/missing`, answer: '404 NotFound configmaps "missing" not found' },
    {
      request: 'GET /apis/apps/v1/namespaces/default/deployments/x',
      answer: '404 NotFound deployments.apps "x" not found',
    },
  ],
  methods: [
    { request: `PUT ${configMaps}`, answer: `405 MethodNotAllowed ${noMethod}` },
    { request: `PATCH ${configMaps}`, answer: `405 MethodNotAllowed ${noMethod}` },
    { request: `OPTIONS ${configMaps}`, answer: `405 MethodNotAllowed ${noMethod}` },
    { request: `HEAD ${configMaps}/a`, answer: `405 MethodNotAllowed ${noMethod}` },
    { request: `POST ${configMaps}/a`, answer: `405 MethodNotAllowed ${noMethod}` },
    { request: 'POST /api/v1/configmaps', answer: `405 MethodNotAllowed ${noMethod}` },
    { request: 'DELETE /api/v1/configmaps', answer: `405 MethodNotAllowed ${noMethod}` },
    { request: 'DELETE /api/v1/namespaces', answer: `405 MethodNotAllowed ${noMethod}` },
    { request: 'GET /api/v1/namespaces/default/bindings', answer: `405 MethodNotAllowed ${noMethod}` },
  ],
  'media types': [
    {
      request: `POST ${configMaps}`,
      type: 'text/plain',
      body: map({ name: 'a' }),
      answer: `415 UnsupportedMediaType the body of the request was in an unknown format - accepted media types include: ${formats}`,
    },
    {
      request: `PATCH ${configMaps}/a`,
      type: 'application/json',
      body: {},
      answer: '415 UnsupportedMediaType 415: Unsupported Media Type',
    },
    { request: `PATCH ${configMaps}/a`, body: {}, answer: '415 UnsupportedMediaType 415: Unsupported Media Type' },
    {
      request: `GET ${configMaps}/a`,
      accept: 'text/html',
      answer: `406 NotAcceptable 406: Not Acceptable\n\nAvailable representations: ${formats}`,
    },
    {
      request: `GET ${configMaps}/a`,
      accept: 'application/json;as=Table',
      answer: `406 NotAcceptable only the following media types are accepted: ${formats}`,
    },
    {
      request: `GET ${configMaps}/a`,
      accept: 'application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1',
      answer: `406 NotAcceptable only the following media types are accepted: ${formats}`,
    },
    {
      request: `GET ${configMaps}`,
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      answer:
        '406 NotAcceptable you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    },
    {
      request: `GET ${configMaps}/mt`,
      accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      answer:
        '406 NotAcceptable you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
    },
    {
      request: `GET ${configMaps}?includeObject=x`,
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
      answer:
        '400 BadRequest Unable to convert to Table as requested: includeObject: Invalid value: "x": ' +
        "must be 'Metadata', 'Object', 'None', or empty",
    },
  ],
  bodies: [
    {
      request: `POST ${configMaps}`,
      body: '{"a":',
      answer: `400 BadRequest ${unrecognized} couldn't get version/kind; json parse error: unexpected end of JSON input ({"a":)`,
    },
    {
      request: `POST ${configMaps}`,
      body: '',
      answer: `400 BadRequest ${unrecognized} couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`,
    },
    {
      request: `POST ${configMaps}`,
      body: '{}',
      answer: '422 Invalid ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    },
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'big' }, { data: { a: 'x'.repeat(1_048_577) } }),
      answer: '422 Invalid ConfigMap "big" is invalid: []: Too long: may not be more than 1048576 bytes',
    },
    {
      request: `POST ${configMaps}`,
      body: { kind: 'Secret', apiVersion: 'v1' },
      answer:
        '400 BadRequest Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    },
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'x' }, { data: { a: 1 } }),
      answer:
        '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    },
    {
      request: `POST ${configMaps}?fieldValidation=Strict`,
      body: map({ name: 'x', odd: 1 }, { odder: 1 }),
      answer:
        '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.odd", unknown field "odder"',
    },
    {
      request: `POST ${configMaps}`,
      type: 'application/vnd.kubernetes.protobuf',
      body: 'nope',
      answer: `400 BadRequest ${unrecognized} provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (6e6f7065)`,
    },
  ],
  names: [
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'x', namespace: 'other' }),
      answer: `400 BadRequest ${noMatch}`,
    },
    {
      request: `PUT ${configMaps}/mt`,
      body: map({ name: 'mt', namespace: 'other' }),
      answer: `400 BadRequest ${noMatch}`,
    },
    {
      request: `PUT ${configMaps}/mt`,
      body: map({ name: 'x' }),
      answer: '400 BadRequest the name of the object (x) does not match the name on the URL (mt)',
    },
    {
      request: `PUT ${configMaps}/mt`,
      body: map({}),
      answer: '400 BadRequest the name of the object (mt based on URL) was undeterminable: name must be provided',
    },
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'mt' }),
      answer: '409 AlreadyExists configmaps "mt" already exists',
    },
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'ending', finalizers: ['a.b/c'] }),
      answer: '409 AlreadyExists object is being deleted: configmaps "ending" already exists',
    },
    {
      request: `POST ${configMaps}`,
      body: map({ name: 'x', resourceVersion: '5' }),
      answer: '500 undefined resourceVersion should not be set on objects to be created',
    },
    { request: `PUT ${configMaps}/x`, body: map({ name: 'x' }), answer: '404 NotFound configmaps "x" not found' },
  ],
  versions: [
    {
      request: `PUT ${configMaps}/mt`,
      body: map({ name: 'mt', resourceVersion: '1' }),
      answer:
        '409 Conflict Operation cannot be fulfilled on configmaps "mt": the object has been modified; please apply your changes to the latest version and try again',
    },
    {
      request: `PUT ${configMaps}/mt`,
      body: map({ name: 'mt', resourceVersion: 'abc' }),
      answer: '500 undefined strconv.ParseUint: parsing "abc": invalid syntax',
    },
    {
      request: 'PUT /apis/example.com/v1/gauges/g',
      body: { metadata: { name: 'g' } },
      answer:
        '422 Invalid gauges.example.com "g" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    },
  ],
  patches: [
    {
      request: `PATCH ${configMaps}/missing`,
      type: merge,
      body: {},
      answer: '404 NotFound configmaps "missing" not found',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: json,
      body: {},
      answer:
        '400 BadRequest error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: json,
      body: '[{',
      answer: '400 BadRequest error decoding patch: unexpected end of JSON input',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: json,
      body: [{ op: 'test', path: '/data/a', value: 'z' }],
      answer: `422 Invalid ${rejected}`,
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: strategic,
      body: { data: 'x' },
      answer: '422 Invalid  "" is invalid: patch: Invalid value: "map[data:x]": cannot restore map from string',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: strategic,
      body: '{"a":',
      answer: '400 BadRequest unexpected end of JSON input',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: merge,
      body: { metadata: { name: 'other' } },
      answer: '400 BadRequest the name of the object (other) does not match the name on the URL (mt)',
    },
    {
      request: `PATCH ${configMaps}/mt`,
      type: merge,
      body: { metadata: { uid: 'x' } },
      answer: '422 Invalid ConfigMap "mt" is invalid: metadata.uid: Invalid value: "x": field is immutable',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldValidation=Strict`,
      type: strategic,
      body: { bogus: 1, data: { q: '1' } },
      answer:
        '422 Invalid  "" is invalid: patch: Invalid value: "map[bogus:1 data:map[q:1]]": strict decoding error: unknown field "bogus"',
    },
  ],
  apply: [
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: '',
      answer: '400 BadRequest invalid object type: /, Kind=',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: { ...map({ name: 'mt' }), kind: 'Secret' },
      answer: '400 BadRequest invalid object type: /v1, Kind=Secret',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: 'a: b: c',
      answer:
        '400 BadRequest error decoding YAML: error converting YAML to JSON: yaml: mapping values are not allowed in this context',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: '[1]',
      answer:
        '400 BadRequest error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: map({ name: 'mt', managedFields: [] }),
      answer: '400 BadRequest metadata.managedFields must be nil',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: map({ name: 'mt' }, { data: { a: '2' } }),
      answer: '409 Conflict Apply failed with 1 conflict: conflict with "unknown" using v1: .data.a',
    },
    {
      request: `PATCH ${configMaps}/mt?fieldManager=x`,
      type: apply,
      body: map({ name: 'mt' }, { frob: 1 }),
      answer:
        '500 undefined failed to create typed patch object (/mt; /v1, Kind=ConfigMap): .frob: field not declared in schema',
    },
  ],
  deletes: [
    {
      request: `DELETE ${configMaps}/mt`,
      body: { kind: 'ConfigMap', apiVersion: 'v1' },
      answer:
        '400 BadRequest no kind "ConfigMap" is registered for version "v1" in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"',
    },
    {
      request: `DELETE ${configMaps}/mt`,
      body: '{',
      answer: "400 BadRequest couldn't get version/kind; json parse error: unexpected end of JSON input",
    },
    {
      request: `DELETE ${configMaps}/mt?gracePeriodSeconds=abc`,
      answer: '400 BadRequest strconv.ParseInt: parsing "abc": invalid syntax',
    },
    {
      request: `DELETE ${configMaps}/mt?propagationPolicy=Nope`,
      answer:
        '422 Invalid DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Nope": supported values: "Foreground", "Background", "Orphan", "nil"',
    },
    {
      request: `DELETE ${configMaps}/mt?orphanDependents=true&propagationPolicy=Orphan`,
      answer:
        '422 Invalid DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    },
    {
      request: `DELETE ${configMaps}/mt`,
      body: { preconditions: { uid: 'x' } },
      answer:
        '409 Conflict Operation cannot be fulfilled on ConfigMap "mt": the UID in the precondition (x) does not match the UID in record (UID). The object might have been deleted and then recreated',
    },
    {
      request: `DELETE ${configMaps}/mt`,
      body: { preconditions: { resourceVersion: '9' } },
      answer:
        '409 Conflict Operation cannot be fulfilled on ConfigMap "mt": the ResourceVersion in the precondition (9) does not match the ResourceVersion in record (2). The object might have been modified',
    },
  ],
  selectors: [
    {
      request: `GET ${configMaps}?labelSelector=a%20b`,
      answer: "400 BadRequest unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    },
    {
      request: `GET ${configMaps}?fieldSelector=nope%3Dx`,
      answer: '400 BadRequest "nope" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
    {
      request: 'GET /apis/example.com/v1/widgets?fieldSelector=nope%3Dx',
      answer: '400 BadRequest field label not supported: nope',
    },
  ],
};

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g;

describe.each(Object.entries(cases))('what is wrong with %s', (_, table) => {
  it.each(table)('$request ($type$accept): $answer', async ({ request, answer, body, type, accept }) => {
    const rig = newRig({}, testRows);
    await rig.ask(`POST ${configMaps}`, { body: map({ name: 'first' }) });
    await rig.ask(`POST ${configMaps}`, { body: map({ name: 'mt' }, { data: { a: '1' } }) });
    await rig.ask(`POST ${configMaps}`, { body: map({ name: 'ending', finalizers: ['a.b/c'] }) });
    await rig.ask(`DELETE ${configMaps}/ending`);
    await rig.ask('POST /apis/example.com/v1/gauges', { body: { metadata: { name: 'g' } } });
    const before = rig.store.revision;
    const headers = { ...(type && { 'content-type': type }), ...(accept && { accept }) };
    const status = (await rig.ask(request, { body, headers })).body as Status;
    expect(`${status.code} ${String(status.reason)} ${status.message?.replace(uid, 'UID') ?? ''}`).toBe(answer);
    expect(rig.store.revision).toBe(before);
  });
});

describe('a name in the URL', () => {
  it.each(['.', '..'])('may not be %s', async (name) => {
    const rig = newRig();
    const info = {
      isResourceRequest: true,
      path: '',
      verb: 'get',
      group: '',
      version: 'v1',
      resource: 'configmaps',
      namespace: 'default',
      name,
    };
    await expect(rig.handle(Object.assign(rig.request(`GET ${configMaps}`), { info }))).rejects.toThrow(
      `Name parameter invalid: "${name}": may not be '${name}'`,
    );
  });
});
