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
  /** The body, where it is not text. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly signal?: AbortSignal;
  /** Subprotocols offered, over WebSocket. */
  readonly upgrade?: readonly string[];
}

/** A registry over a store in memory, asked as if over HTTP. */
export interface Rig {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly handle: Handler<Authenticated>;
  ask(request: string, asked?: Asked): Promise<Answer>;
  /** A request as the filters before the registry make it. */
  request(request: string, asked?: Asked): Authenticated;
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
    request: (request, asked = {}) => requestOf(request, asked, []),
    async ask(request, asked = {}) {
      const warnings: string[] = [];
      return answer(await replyOrFailure(handle, requestOf(request, asked, warnings)), warnings);
    },
  };
}

/** The names of the items of a list, in order. */
export const namesIn = ({ body }: Answer): string[] =>
  (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

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

function requestOf(
  request: string,
  { body, bytes: binary, headers = {}, user = 'admin', groups = ['system:masters'], signal, upgrade }: Asked,
  warnings: string[],
): Authenticated {
  const [method = '', path = ''] = request.split(' ');
  const url = new URL(path, 'https://server');
  const bytes = binary ?? Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
  return {
    method,
    url,
    headers: new Headers(headers),
    signal: signal ?? new AbortController().signal,
    body: async () => bytes,
    remoteAddress: '127.0.0.1',
    ...(upgrade && { upgrade }),
    info: requestInfo(method, url),
    auditId: 'a',
    user: { name: user, groups },
    warn: (text) => warnings.push(text),
  };
}
