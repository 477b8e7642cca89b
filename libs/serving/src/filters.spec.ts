import { conflict, notFound, StatusError } from '@kubephant/api';
import { silent, type Logger } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { withRequestInfo, withStatus, withTimeout } from './filters';
import type { Handler, Resolved } from './handler';
import { newIncoming } from './testing';

const ok: Handler<unknown> = async () => ({ kind: 'object', status: 200, body: {} });
const pods = { group: '', resource: 'pods' };

describe('withStatus', () => {
  it('answers a StatusError with its Status', async () => {
    const reply = await withStatus(silent)(async () => {
      throw notFound(pods, 'x');
    })(newIncoming({ path: '/' }));
    expect(reply).toEqual({ kind: 'object', status: 404, body: notFound(pods, 'x').status });
  });

  it('answers anything else with 500 and logs it', async () => {
    const error = jest.fn();
    const log: Logger = { ...silent, error };
    const reply = await withStatus(log)(async () => {
      throw new TypeError('oops');
    })(newIncoming({ path: '/a' }));
    const message = 'Internal error occurred: oops';
    expect(reply).toMatchObject({ status: 500, body: { kind: 'Status', reason: 'InternalError', message, code: 500 } });
    expect(error).toHaveBeenCalledWith('request failed', expect.any(TypeError), { method: 'GET', path: '/a' });
  });

  it('sends Retry-After with the Status that has it', async () => {
    const err = new StatusError('Timeout', 'Too large resource version', { retryAfterSeconds: 1 });
    const reply = await withStatus(silent)(async () => {
      throw err;
    })(newIncoming({ path: '/' }));
    expect(reply).toMatchObject({ status: 504, headers: { 'retry-after': '1' } });
  });
});

describe('withRequestInfo', () => {
  const serve = (handler: Handler<Resolved>, headers = {}) =>
    withRequestInfo(silent)(handler)(newIncoming({ path: '/api/v1/namespaces/ns/pods', headers }));

  it('gives inner handlers the facts', async () => {
    const seen = jest.fn(ok);
    await serve(seen);
    const auditId = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    expect(seen.mock.calls[0]?.[0]).toMatchObject({ auditId, info: { verb: 'list', resource: 'pods' } });
  });

  it('echoes the Audit-ID of the client', async () => {
    const reply = await serve(ok, { 'Audit-ID': 'bad id!' });
    expect(reply).toMatchObject({ headers: { 'audit-id': 'bad id!', 'cache-control': 'no-cache, private' } });
  });

  it('answers a path that names no resource as text', async () => {
    const reply = await withRequestInfo(silent)(ok)(newIncoming({ path: '/api/v1/watch?a&b' }));
    const why = 'failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch';
    expect(reply).toMatchObject({
      status: 500,
      contentType: 'text/plain; charset=utf-8',
      chunks: [Buffer.from(`Internal Server Error: "/api/v1/watch?a&amp;b": ${why}\n`)],
    });
    expect(reply).not.toHaveProperty('headers.cache-control');
  });

  it('lets a handler decide about caching', async () => {
    const reply = await serve(async () => ({
      kind: 'object',
      status: 200,
      body: {},
      headers: { 'cache-control': 'public' },
    }));
    expect(reply).toMatchObject({ headers: { 'cache-control': 'public' } });
  });

  it('sends warnings, each once, with errors too', async () => {
    const reply = await serve(async ({ warn }) => {
      for (const text of ['a "b" is old', 'a "b" is old', 'two\nlines']) warn(text);
      throw conflict(pods, 'x', 'no');
    });
    expect(reply).toMatchObject({
      status: 409,
      headers: { warning: ['299 - "a \\"b\\" is old"', '299 - "two lines"'] },
    });
  });

  it('bounds what warnings add up to', async () => {
    const reply = await serve(async ({ warn }) => {
      for (let i = 0; i < 100; i++) warn(`${'x'.repeat(100)}${i}`);
      return ok(undefined);
    });
    const headers = reply.kind === 'object' ? reply.headers?.['warning'] : undefined;
    expect(headers).toHaveLength(40);
  });
});

describe('withTimeout', () => {
  const run = async (path: string, afterMs = 60_000) => {
    const clock = newFakeClock();
    const stop = new AbortController();
    const cancel = jest.fn();
    const never: Handler<Resolved> = () => new Promise(() => undefined);
    const terminated = jest.fn();
    const limited = withTimeout({ clock, signal: stop.signal, terminated })(never);
    const handler = withStatus(silent)(withRequestInfo(silent)(limited));
    const reply = jest.fn();
    void handler(Object.assign(newIncoming({ path }), { cancel })).then(reply);
    await clock.advance(afterMs - 1);
    expect(reply).not.toHaveBeenCalled();
    await clock.advance(1);
    stop.abort();
    return { reply, cancel, terminated };
  };

  it('answers 504 after a minute and cancels the request', async () => {
    const { reply, cancel, terminated } = await run('/api/v1/pods');
    const message = 'request did not complete within the allotted timeout';
    expect(reply).toHaveBeenCalledWith(expect.objectContaining({ status: 504 }));
    expect(terminated).toHaveBeenCalledWith(expect.objectContaining({ method: 'GET' }), 504);
    expect(cancel).toHaveBeenCalledWith(expect.objectContaining({ message }));
  });

  it.each([
    ['1.5s', 1500],
    ['2h', 60_000],
    ['0', 60_000],
    ['-1s', 60_000],
    ['', 60_000],
  ])('takes a shorter time from the request: %p', async (asked, afterMs) => {
    const { reply } = await run(`/api/v1/pods?timeout=${asked}`, afterMs);
    expect(reply).toHaveBeenCalledWith(expect.objectContaining({ status: 504 }));
  });

  it('refuses a time that is none', async () => {
    const limited = withTimeout({ clock: newFakeClock(), signal: AbortSignal.abort() })(ok);
    const handler = withStatus(silent)(withRequestInfo(silent)(limited));
    const message = 'invalid timeout specified in the request URL - time: missing unit in duration "5"';
    expect(await handler(newIncoming({ path: '/api/v1/pods?timeout=5' }))).toMatchObject({
      status: 400,
      body: { reason: 'BadRequest', message },
    });
    expect(await handler(newIncoming({ path: '/api/v1/pods?watch=1&timeout=5' }))).toMatchObject({ status: 200 });
  });

  it('leaves watches alone', async () => {
    const { reply } = await run('/api/v1/pods?watch=1');
    expect(reply).not.toHaveBeenCalled();
  });
});
