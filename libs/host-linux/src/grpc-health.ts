import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { onAbort } from '@kubephant/base';
import type { ProbeAnswer } from '@kubephant/node';

export interface GrpcTarget {
  readonly host: string;
  readonly port: number;
  readonly service: string;
}

const serving = 1;
const maxBytes = 1024;

/**
 * One call of grpc.health.v1.Health/Check in plain text (https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
 * Two fields do not need a gRPC library: the request has a string under 1, the answer an enum under 1.
 */
export async function checkGrpcHealth(target: GrpcTarget, signal: AbortSignal): Promise<ProbeAnswer> {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const session = connect(`http://${host}:${target.port}`);
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  using _ = onAbort(signal, () => resolve(answer(`timeout: health rpc did not complete`)));
  let where = `failed to connect service ${host}:${target.port}`;
  session.once('connect', () => (where = 'health rpc failed'));
  const fail = (err: Error): void => resolve(answer(`${where}: ${err.message}`));
  session.once('error', fail);
  check(session, target.service, { resolve, fail });
  const result = await promise;
  session.destroy();
  return result;
}

const answer = (output: string, ok = false): ProbeAnswer => ({ ok, code: 0, output });

interface Outcome {
  readonly resolve: (result: ProbeAnswer) => void;
  readonly fail: (err: Error) => void;
}

function check(session: ClientHttp2Session, service: string, { resolve, fail }: Outcome): void {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let body = Buffer.alloc(0);
  let status = '';
  stream.on('error', fail);
  stream.on('response', (headers: IncomingHttpHeaders) => (status = statusOf(headers)));
  stream.on('trailers', (headers: IncomingHttpHeaders) => (status = statusOf(headers)));
  stream.on('data', (chunk: Buffer) => (body = Buffer.concat([body, chunk]).subarray(0, maxBytes)));
  stream.on('end', () => resolve(verdict(status, body)));
  stream.end(requestFrame(service));
}

function statusOf(headers: IncomingHttpHeaders): string {
  return typeof headers['grpc-status'] === 'string' ? headers['grpc-status'] : '';
}

/** A gRPC frame: not compressed, 4 bytes of length, and the message. */
function requestFrame(service: string): Buffer {
  const name = Buffer.from(service).subarray(0, 127);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function verdict(status: string, body: Buffer): ProbeAnswer {
  if (status === '12') return answer('this server does not implement the grpc health protocol (grpc.health.v1.Health)');
  if (status !== '' && status !== '0') return answer(`health rpc failed with status ${status}`);
  const state = body[5] === 0x08 ? body[6] : 0;
  return state === serving
    ? answer('service healthy', true)
    : answer(`service unhealthy (responded with ${state ?? 0})`);
}
