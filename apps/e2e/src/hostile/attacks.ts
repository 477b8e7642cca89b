/** A request that means harm. */
export interface Attack {
  readonly name: string;
  readonly request: string;
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** What it is refused with. */
  readonly codes: readonly number[];
}

const configMaps = '/api/v1/namespaces/default/configmaps';
const types = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
  operations: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

const object = (rest: string): string => `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}${rest}}`;
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
const aliases = Array.from({ length: 12 }, (_, at) => {
  const many = Array.from({ length: 10 }, () => `*a${at}`).join(', ');
  return `a${at + 1}: &a${at + 1} [${many}]`;
});
const aliasBomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...aliases, ''].join('\n');
const copies = [
  { op: 'add', path: '/data', value: { a: 'x'.repeat(1000) } },
  ...Array.from({ length: 60 }, (_, at) => ({ op: 'copy', from: '/data', path: `/data/c${at}` })),
];
const tests = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' }));
const regexBomb = `{"metadata":{"name":"bombs.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
  "names":{"plural":"bombs","kind":"Bomb"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{
  "openAPIV3Schema":{"type":"object","properties":{"a":{"type":"string","pattern":"^(a+)+$","default":"${'a'.repeat(5000)}!"}}}}}]}}`;

/** Bodies that no decoder takes, for every request that has one. */
const bodies: readonly (readonly [what: string, body: Attack['body'], code: number])[] = [
  ['half an object', object(',"data":{"a":"b').slice(0, -1), 400],
  ['a list', '[]', 400],
  ['deep lists', object(`,"data":${nested('[', ']', 100_000)}`), 400],
  ['deep objects', object(`,"data":${nested('{"a":', '}', 100_000).replace('}', '1}')}`), 400],
  ['more than 3 MiB', object(`,"data":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}`), 413],
  ['another encoding', new Uint8Array(Buffer.from(object(',"data":{"a":"b"}'), 'utf16le')), 400],
  ['zeros', new Uint8Array(100_000), 400],
];

const writes = [
  ['POST', configMaps, types.json],
  ['POST', configMaps, types.protobuf],
  ['PUT', `${configMaps}/victim`, types.json],
  ['PATCH', `${configMaps}/victim`, types.operations],
  ['PATCH', `${configMaps}/victim`, types.merge],
  ['PATCH', `${configMaps}/victim`, types.strategic],
  ['PATCH', `${configMaps}/victim?fieldManager=a`, types.apply],
  ['DELETE', `${configMaps}/victim`, types.json],
] as const;

/** A list is what a JSON patch is; an empty one changes nothing. */
const harmless = (type: string, what: string): boolean => type === types.operations && what === 'a list';

const everyWrite = writes.flatMap(([verb, path, type]) =>
  bodies
    .filter(([what]) => !harmless(type, what))
    .map(([what, body, code]): Attack => ({
      name: `${verb} of ${what} as ${type}`,
      request: `${verb} ${path}`,
      type,
      body,
      codes: [code, ...(code === 400 ? [422] : [])],
    })),
);

const attack = (name: string, request: string, rest: Pick<Attack, 'type' | 'body' | 'codes'>): Attack => ({
  name,
  request,
  ...rest,
});
const victim = `${configMaps}/victim`;

export const attacks: readonly Attack[] = [
  ...everyWrite,
  attack('a YAML alias bomb', `POST ${configMaps}`, { type: types.yaml, body: aliasBomb, codes: [400] }),
  attack('an applied alias bomb', `PATCH ${victim}?fieldManager=a`, {
    type: types.apply,
    body: aliasBomb,
    codes: [400],
  }),
  attack('copies of copies', `PATCH ${victim}`, {
    type: types.operations,
    body: JSON.stringify(copies),
    codes: [422, 413, 400],
  }),
  attack('ten thousand operations and one', `PATCH ${victim}`, {
    type: types.operations,
    body: JSON.stringify(tests),
    codes: [413],
  }),
  attack('a pattern that backtracks', 'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    type: types.json,
    body: regexBomb,
    codes: [422],
  }),
  attack('a name in Object.prototype', `POST ${configMaps}`, {
    type: types.json,
    body: '{"metadata":{"name":"a","labels":{"__proto__":"x"}}}',
    codes: [422],
  }),
  attack('a patch of the prototype', `PATCH ${victim}`, {
    type: types.operations,
    body: '[{"op":"add","path":"/constructor/prototype/polluted","value":1}]',
    codes: [422, 400],
  }),
  attack('twice the same field, strictly', `POST ${configMaps}?fieldValidation=Strict`, {
    type: types.json,
    body: object(',"data":{"a":"1","a":"2"}'),
    codes: [400],
  }),
  attack('words of a selector', `DELETE ${configMaps}?labelSelector=${'a%20in%20('.repeat(1500)}`, {
    type: types.json,
    body: '',
    codes: [400],
  }),
];
