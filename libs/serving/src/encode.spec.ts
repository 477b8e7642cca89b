import { gzipSync } from 'node:zlib';
import { withEncoding } from './encode';
import { indentJson } from './indent-json';
import { newIncoming } from './testing';

const body = { kind: 'ConfigMap', data: {}, list: [], a: [1, 2], text: 'a:{b,"c"}\\' };

async function text(path: string, headers: Record<string, string> = {}): Promise<string> {
  const handler = withEncoding()(async () => ({ kind: 'object', status: 200, body }));
  const reply = await handler(newIncoming({ path, headers }));
  return reply.kind === 'bytes' ? Buffer.concat(reply.chunks).toString() : reply.kind;
}

describe('withEncoding', () => {
  it('answers compact JSON with a final newline', async () => {
    await expect(text('/x')).resolves.toBe(`${JSON.stringify(body)}\n`);
  });

  it.each([
    ['/x?pretty=true', {}],
    ['/x?pretty', {}],
    ['/x', { 'user-agent': 'curl/8.0' }],
    ['/x', { 'user-agent': 'Mozilla/5.0' }],
  ])('indents %s %j for people', async (path, headers) => {
    await expect(text(path, headers)).resolves.toBe(JSON.stringify(body, undefined, 2));
  });

  it('does not indent when told not to', async () => {
    await expect(text('/x?pretty=0', { 'user-agent': 'curl/8.0' })).resolves.toBe(`${JSON.stringify(body)}\n`);
  });

  it('answers YAML with sorted keys', async () => {
    const expected = 'a:\n- 1\n- 2\ndata: {}\nkind: ConfigMap\nlist: []\ntext: a:{b,"c"}\\\n';
    await expect(text('/x', { accept: 'application/yaml' })).resolves.toBe(expected);
  });

  it('falls back to JSON for objects without a protobuf form', async () => {
    const accept = 'application/vnd.kubernetes.protobuf,application/json';
    await expect(text('/x', { accept })).resolves.toBe(`${JSON.stringify(body)}\n`);
  });

  it('indents ready JSON bytes without touching large numbers', async () => {
    const chunks = [Buffer.from('{"n":9007199254740993'), Buffer.from('}\n')];
    const handler = withEncoding()(async () => ({
      kind: 'bytes',
      status: 200,
      contentType: 'application/json',
      chunks,
    }));
    const reply = await handler(newIncoming({ path: '/x?pretty=1' }));
    expect(reply).toMatchObject({ chunks: [Buffer.from('{\n  "n": 9007199254740993\n}')] });
  });

  it('leaves bytes alone that are compressed already', async () => {
    const chunks = [gzipSync('{"a":{}}')];
    const headers = { 'content-encoding': 'gzip' };
    const ready = { kind: 'bytes', status: 200, contentType: 'application/json', chunks, headers } as const;
    const reply = await withEncoding()(async () => ready)(newIncoming({ path: '/x?pretty=1' }));
    expect(reply).toEqual(ready);
  });
});

describe('indentJson', () => {
  it.each(['{}', '[]', '1', '"\\""', '{"a":{"b":[{}, 1]}}', '[[],[[]]]'])(
    'indents %s as JSON.stringify does',
    (source) => {
      const value: unknown = JSON.parse(source);
      expect(indentJson(Buffer.from(JSON.stringify(value))).toString()).toBe(JSON.stringify(value, undefined, 2));
    },
  );
});
