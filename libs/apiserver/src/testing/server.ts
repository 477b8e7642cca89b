import { generateKeyPairSync } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { newMetrics, silent, systemClock, type Clock } from '@kubephant/base';
import { newClient, type Client } from '@kubephant/client';
import { table } from '@kubephant/resources';
import {
  encodeJson,
  newInProcessTransport,
  type ClientCertificate,
  type Dialer,
  type Handler,
  type Incoming,
} from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { newMemoryStore, type Store } from '@kubephant/storage';
import { withNodeRestriction } from '../admission/testing';
import { newApiServer, type ApiServerConfig, type ApiServerDependencies } from '../api-server';
import { resourceFields } from '../registry';

export interface Question {
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token; the administrator's unless a certificate or `null` for none is given. */
  readonly token?: string | null;
  readonly certificate?: ClientCertificate;
}

export interface Answered {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every form
  readonly body: any;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** A whole API server over a store in memory, bootstrapped, asked without a socket. */
export interface TestServer extends AsyncDisposable {
  readonly handler: Handler<Incoming>;
  readonly store: Store;
  /** The administrator's client. */
  readonly client: Client;
  /** `GET /api/v1/pods`; JSON answers are parsed. */
  ask(request: string, question?: Question): Promise<Answered>;
}

export const adminToken = 'admin-token';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const testConfig: ApiServerConfig = {
  advertise: { ip: '192.0.2.10', port: 6443 },
  services: { clusterIPRange: '10.96.0.0/16', nodePorts: { first: 30_000, last: 32_767 } },
  issuer: 'https://kubernetes.default.svc',
  authorizationModes: ['Node', 'RBAC'],
  allowAnonymous: true,
  kubeletAddressTypes: ['InternalIP'],
  admission: withNodeRestriction,
};

const unreachable = async (): Promise<never> => {
  throw new Error('connect ECONNREFUSED');
};

/** Waits as the system's clock does, and tells the same time all along: for tests that compare what has times in it. */
export function stillClock(): Clock {
  const now = systemClock.now();
  return { ...systemClock, now: () => now };
}

export interface TestServerOptions {
  readonly dialer?: Dialer;
  readonly clock?: Clock;
  readonly deps?: Partial<ApiServerDependencies>;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { dialer = { request: unreachable, connect: unreachable, tunnel: unreachable }, clock = systemClock } = options;
  const store = newMemoryStore({ resources: resourceFields(table), clock });
  const stop = new AbortController();
  const tokens = [
    { token: adminToken, name: 'admin', uid: 'admin', groups: ['system:masters'] },
    { token: 'jane-token', name: 'jane', groups: ['devs'] },
  ];
  const server = newApiServer(
    { store, clock, log: silent, metrics: newMetrics(), dialer, signingKey: keys.privateKey, tokens, ...options.deps },
    testConfig,
    stop.signal,
  );
  const running = server.run(stop.signal);
  const ask = async (request: string, question: Question = {}): Promise<Answered> =>
    answerOf(server.handler, request, question);
  await until(async () => (await ask('GET /readyz')).status === 200);
  const transport = newInProcessTransport(server.handler, { token: adminToken });
  return {
    handler: server.handler,
    store,
    client: newClient(transport, { userAgent: 'test' }),
    ask,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Asks again until the answer is as wanted: what the server keeps in sight follows the store by a moment. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await turn();
}

async function answerOf(handler: Handler<Incoming>, request: string, question: Question): Promise<Answered> {
  const reply = await handler(incomingOf(request, question));
  if (reply.kind === 'socket') return { status: 101, body: reply.protocol, headers: {} };
  if (reply.kind === 'tunnel') return { status: 101, body: '', headers: reply.headers };
  const chunks = reply.kind === 'object' ? [encodeJson(reply.body)] : reply.chunks;
  let text = '';
  for await (const chunk of chunks) text += Buffer.concat([chunk].flat()).toString();
  const contentType = reply.kind === 'object' ? {} : { 'content-type': reply.contentType };
  return { status: reply.status, body: parsed(text), headers: { ...contentType, ...reply.headers } };
}

function incomingOf(request: string, question: Question): Incoming {
  const { token = question.certificate ? null : adminToken, body, certificate, headers } = question;
  const [method = '', path = ''] = request.split(' ');
  return newIncoming({
    method,
    path,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body }),
    ...(certificate && { clientCertificate: certificate }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
