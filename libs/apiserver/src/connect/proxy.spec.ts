import { gunzipSync, gzipSync } from 'node:zlib';
import { connect, textOf } from './testing';

const path = '/api/v1/namespaces/ns/pods/p:8080/proxy/x';
const prefix = '/api/v1/namespaces/ns/pods/p:8080/proxy';
const toPod = { host: '10.1.0.9', port: '8080', path: '/x' };
const backend = { host: '10.1.0.9', port: 8080, tls: 'none' };

describe('proxies', () => {
  it('carry the request without our credentials, and the answer without its connection', async () => {
    const headers = { host: 'api:6443', connection: 'x-gone', 'x-gone': '1', 'impersonate-user': 'u', te: 'trailers' };
    const { reply, dialed } = await connect(`${path}/%2F/?q=%20`, toPod, {
      headers,
      answerHeaders: { 'access-control-allow-origin': '*', 'content-length': '5' },
    });
    await expect(reply).resolves.toMatchObject({ status: 200, contentType: 'text/x' });
    expect((await reply) as object).toHaveProperty('headers', { 'x-own': '1', 'content-length': '5' });
    expect(dialed).toEqual([
      {
        backend,
        request: {
          method: 'GET',
          path: '/x/%2F/?q=%20',
          headers: {
            host: 'api:6443',
            'x-a': '1',
            'x-forwarded-for': '192.0.2.1',
            'x-forwarded-uri': `${prefix}/x/%2F/`,
          },
        },
      },
    ]);
  });

  it('add the client to those that the request came through', async () => {
    const { reply, dialed } = await connect(path, toPod, { headers: { 'x-forwarded-for': '198.51.100.7' } });
    await reply;
    expect(dialed[0]?.request.headers).toMatchObject({ 'x-forwarded-for': '198.51.100.7, 192.0.2.1' });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('carry the body of %s', async (method) => {
    const { reply, dialed } = await connect(path, toPod, {
      method,
      content: 'a body',
      headers: { 'content-length': '6' },
    });
    await reply;
    expect(dialed[0]?.request).toMatchObject({
      method,
      body: Buffer.from('a body'),
      headers: { 'content-length': '6' },
    });
  });

  it.each(['GET', 'HEAD'])('send %s of a page without its slash to the one with it', async (method) => {
    const { reply, dialed } = await connect(`${prefix}?a=b`, toPod, { method });
    await expect(reply).resolves.toMatchObject({ status: 301, headers: { location: `${prefix}/?a=b` } });
    expect(dialed).toEqual([]);
  });

  it('say that nobody was reached', async () => {
    const { reply } = await connect(path, toPod, {
      unreachable: 'dial tcp 10.1.0.9:8080: connect: connection refused',
    });
    await expect(reply).rejects.toMatchObject({
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'error trying to reach service: dial tcp 10.1.0.9:8080: connect: connection refused',
    });
  });

  it.each([
    ['/login?next=a', `${prefix}/login?next=a`],
    ['http://10.1.0.9:8080/dir/', `${prefix}/dir/`],
    ['https://api:6443/x', `https://api:6443${prefix}/x`],
    ['http://elsewhere/x', 'http://elsewhere/x'],
    ['relative', 'relative'],
  ])('send those who are redirected to %s to %s', async (location, expected) => {
    const options = { status: 302, headers: { host: 'api:6443' }, answerHeaders: { location } };
    const { reply } = await connect(path, toPod, options);
    await expect(reply).resolves.toMatchObject({ status: 302, headers: { location: expected } });
  });

  it('rewrite the links of pages', async () => {
    const answerHeaders = { 'content-type': 'text/html; charset=utf-8', 'content-length': '20' };
    const { reply } = await connect(path, toPod, { body: '<a href="/next">ä</a>', answerHeaders });
    expect(await reply).not.toHaveProperty('headers.content-length');
    await expect(reply.then(textOf)).resolves.toBe(`<a href="${prefix}/next">ä</a>`);
  });

  it.each([
    ['gzip', gzipSync, (text: string) => gunzipSync(Buffer.from(text, 'latin1')).toString()],
    ['br', (text: string) => Buffer.from(text), (text: string) => text],
  ])('know what to do with pages in %s', async (encoding, encode, decode) => {
    const answerHeaders = { 'content-type': 'text/html', 'content-encoding': encoding };
    const { reply } = await connect(path, toPod, { body: encode('<img src=/x>'), answerHeaders });
    const answer = await reply;
    const chunks: Uint8Array[] = [];
    if (answer.kind === 'stream') for await (const item of answer.chunks) chunks.push(...item);
    const expected = encoding === 'gzip' ? `<img src=${prefix}/x>` : '<img src=/x>';
    expect(decode(Buffer.concat(chunks).toString('latin1'))).toBe(expected);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', '0.0.0.0', 'localhost', '224.0.0.1'])(
    'never lead to %s',
    async (host) => {
      const { reply } = await connect(path, { host, path: '/' });
      await expect(reply).rejects.toMatchObject({ code: 400, message: 'address not allowed' });
    },
  );

  const toService = '/api/v1/namespaces/ns/services/web/proxy/';
  const web = { service: { namespace: 'ns', name: 'web' }, path: '/' };

  it.each(['80', 'http'])('of port %s of a service lead to a ready pod of its namespace', async (port) => {
    const { reply, dialed } = await connect(toService, { ...web, port });
    await reply;
    expect(dialed[0]?.backend).toEqual({ host: '10.1.0.5', port: 8080, tls: 'none' });
  });

  it.each([
    [{ port: '81' }, 'no service port 81 found for service "web"'],
    [{ port: 'nope' }, 'no endpoints available for service "web:nope"'],
    [{}, 'no endpoints available for service "web"'],
    [{ scheme: 'https', port: 'nope' } as const, 'no endpoints available for service "https:web:nope"'],
  ])('of %j of a service lead nowhere', async (asked, message) => {
    const { reply } = await connect(toService, { ...web, ...asked });
    await expect(reply).rejects.toMatchObject({ code: 503, message });
  });

  it('carry on what has no verb in the API', async () => {
    for (const method of ['OPTIONS', 'HEAD']) {
      const { reply, dialed } = await connect(toService, { ...web, port: '80' }, { method });
      await reply;
      expect(dialed[0]?.request).toMatchObject({ method, path: '/' });
    }
  });

  it('to another port of a node do not show our certificate', async () => {
    const { reply, dialed } = await connect('/api/v1/nodes/n1/proxy/', { node: 'n1', port: '9100', path: '/' });
    await reply;
    expect(dialed[0]?.backend).toEqual({ host: '10.0.0.7', port: 9100, tls: 'none' });
  });

  it('let WebSockets through, without the token among their subprotocols', async () => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'k',
      'sec-websocket-protocol': 'chat, base64url.bearer.authorization.k8s.io.c2VjcmV0',
    };
    const { reply, dialed } = await connect(`${path}?a=b`, toPod, { headers, upgrade: ['chat'], status: 101 });
    await expect(reply).resolves.toMatchObject({ kind: 'tunnel', headers: { upgrade: 'websocket' } });
    expect(dialed[0]?.request).toEqual({
      method: 'GET',
      path: '/x?a=b',
      headers: {
        'x-a': '1',
        upgrade: 'websocket',
        'sec-websocket-key': 'k',
        'sec-websocket-protocol': 'chat',
        'x-forwarded-for': '192.0.2.1',
      },
    });
  });

  it('pass on why a backend refuses an upgrade, and take no other answer for one', async () => {
    const refused = await connect(path, toPod, { upgrade: [], status: 403, body: 'no' });
    await expect(refused.reply).resolves.toMatchObject({ kind: 'stream', status: 403 });
    const wrong = await connect(path, toPod, { upgrade: [], status: 200 });
    await expect(wrong.reply).rejects.toMatchObject({
      code: 500,
      message: 'invalid upgrade response: status code 200',
    });
  });
});
