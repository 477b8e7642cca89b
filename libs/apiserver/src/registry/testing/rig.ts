import { StatusError } from '@kubephant/api';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { resourceTable, type ResourceDefinition } from '@kubephant/resources';
import { encodeJson, requestInfo, type Authenticated, type Handler, type Reply } from '@kubephant/serving';
import { newMemoryStore, type Store } from '@kubephant/storage';
import { newRegistry, type RegistryDependencies } from '../registry';
import { resourceFields } from '../resource';

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly warnings: readonly string[];
  readonly contentType: string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every form
type Body = any;

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly signal?: AbortSignal;
}

/** A registry over a store in memory, asked as if over HTTP. */
export interface Rig {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly handle: Handler<Authenticated>;
  ask(request: string, asked?: Asked): Promise<Answer>;
  /** The reply as the registry gave it: for watches. */
  open(request: string, asked?: Asked): Promise<Reply>;
}

export function newRig(
  dependencies: Partial<RegistryDependencies> & { readonly clock?: FakeClock } = {},
  rows: readonly ResourceDefinition[] = resourceTable(),
): Rig {
  const clock = dependencies.clock ?? newFakeClock(Date.parse('2026-01-02T03:04:05.678Z'));
  const store = dependencies.store ?? newMemoryStore({ resources: resourceFields(rows), clock });
  const handle = newRegistry({ rows, ...dependencies, store, clock });
  const open = async (request: string, asked: Asked = {}): Promise<Reply> => handle(requestOf(request, asked, []));
  return {
    store,
    clock,
    handle,
    open,
    async ask(request, asked = {}) {
      const warnings: string[] = [];
      return answer(await replyOrFailure(handle, requestOf(request, asked, warnings)), warnings);
    },
  };
}

async function replyOrFailure(handle: Handler<Authenticated>, req: Authenticated): Promise<Reply> {
  try {
    return await handle(req);
  } catch (err) {
    if (!(err instanceof StatusError)) throw err;
    return { kind: 'object', status: err.code, body: err.status };
  }
}

function answer(reply: Reply, warnings: readonly string[]): Answer {
  if (reply.kind === 'object') {
    const body: Body = JSON.parse(encodeJson(reply.body).toString());
    return { status: reply.status, body, warnings, contentType: 'application/json' };
  }
  if (reply.kind !== 'bytes') throw new Error(`unexpected ${reply.kind}`);
  const text = Buffer.concat(reply.chunks).toString();
  const body: Body = text === '' ? undefined : JSON.parse(text);
  return { status: reply.status, body, warnings, contentType: reply.contentType };
}

export function requestOf(
  request: string,
  { body, headers = {}, user = 'admin', signal }: Asked,
  warnings: string[],
): Authenticated {
  const [method = '', path = ''] = request.split(' ');
  const url = new URL(path, 'https://server');
  const bytes =
    typeof body === 'string' || body === undefined ? Buffer.from(body ?? '') : Buffer.from(JSON.stringify(body));
  return {
    method,
    url,
    headers: new Headers(headers),
    signal: signal ?? new AbortController().signal,
    body: async () => bytes,
    remoteAddress: '127.0.0.1',
    info: requestInfo(method, url),
    auditId: 'a',
    user: { name: user, groups: ['system:masters'] },
    warn: (text) => warnings.push(text),
  };
}
