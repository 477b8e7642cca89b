import * as grpc from '@grpc/grpc-js';
import { StatusError, type StatusReason } from '@kubephant/api';
import { onAbort } from '@kubephant/base';
import { newCodec } from './codec';

export interface Call {
  readonly service: 'RuntimeService' | 'ImageService';
  readonly verb: string;
  readonly request: object;
  /** 0: none. */
  readonly deadlineMs: number;
}

/** One gRPC connection to a CRI runtime. Rejects with StatusError; with the signal's reason when that aborted it. */
export interface Channel {
  call(call: Call, signal: AbortSignal): Promise<object>;
  stream(call: Call, signal: AbortSignal): AsyncIterable<object>;
  close(): void;
}

const maxMessageBytes = 16 * 2 ** 20;
/** The verbs whose messages are not called like themselves. */
const messageNames: Readonly<Record<string, { readonly request: string; readonly response: string }>> = {
  GetContainerEvents: { request: 'GetEventsRequest', response: 'ContainerEventResponse' },
};
const reasons: Readonly<Partial<Record<grpc.status, StatusReason>>> = {
  [grpc.status.INVALID_ARGUMENT]: 'BadRequest',
  [grpc.status.DEADLINE_EXCEEDED]: 'Timeout',
  [grpc.status.NOT_FOUND]: 'NotFound',
  [grpc.status.ALREADY_EXISTS]: 'AlreadyExists',
  [grpc.status.PERMISSION_DENIED]: 'Forbidden',
  [grpc.status.RESOURCE_EXHAUSTED]: 'TooManyRequests',
  [grpc.status.UNIMPLEMENTED]: 'NotImplemented',
  [grpc.status.UNAVAILABLE]: 'ServiceUnavailable',
};

/** `endpoint` is `unix:///run/containerd/containerd.sock` or the bare path of a socket. */
export function newChannel(endpoint: string): Channel {
  const target = endpoint.startsWith('/') ? `unix://${endpoint}` : endpoint;
  const codec = newCodec();
  const client = new grpc.Client(target, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // A runtime that restarts must be found again within seconds, not minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 3000,
  });
  const method = ({ service, verb, deadlineMs }: Call) => {
    const { request, response } = messageNames[verb] ?? { request: `${verb}Request`, response: `${verb}Response` };
    return {
      path: `/runtime.v1.${service}/${verb}`,
      encode: (value: object) => codec.encode(request, value),
      decode: (data: Buffer) => codec.decode(response, data),
      options: deadlineMs > 0 ? { deadline: Date.now() + deadlineMs } : {},
    };
  };
  return {
    async call(call, signal) {
      signal.throwIfAborted();
      const { path, encode, decode, options } = method(call);
      const { promise, resolve, reject } = Promise.withResolvers<object>();
      const sent = client.makeUnaryRequest(
        path,
        encode,
        decode,
        call.request,
        new grpc.Metadata(),
        options,
        (err, value) => {
          if (err) reject(signal.aborted ? (signal.reason as Error) : toStatusError(err));
          else resolve(value ?? {});
        },
      );
      using _ = onAbort(signal, () => sent.cancel());
      return await promise;
    },
    async *stream(call, signal) {
      const { path, encode, decode, options } = method(call);
      const events = client.makeServerStreamRequest(path, encode, decode, call.request, new grpc.Metadata(), options);
      using _ = onAbort(signal, () => events.cancel());
      try {
        for await (const event of events) yield event as object;
      } catch (err) {
        if (!signal.aborted) throw toStatusError(err as grpc.ServiceError);
      }
    },
    close: () => client.close(),
  };
}

function toStatusError(err: grpc.ServiceError): StatusError {
  const message = err.details || err.message;
  return new StatusError(reasons[err.code] ?? 'InternalError', message, undefined, { cause: err });
}
