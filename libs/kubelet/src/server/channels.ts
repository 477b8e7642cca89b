/** The channels of remotecommand: the byte before each message of a WebSocket session. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
export type ChannelName = keyof typeof channels;

export const errorChannel = channels.error;
/** Not a channel: the next byte names one on which nothing more comes. */
export const closeChannel = 255;

export const withChannel = (channel: number, data: Uint8Array): Buffer => Buffer.concat([Buffer.from([channel]), data]);

/** base64's channels are digits before the text. */
export function fromBase64(message: Buffer): Buffer {
  const channel = Number(message.toString('latin1', 0, 1));
  return withChannel(channel, Buffer.from(message.toString('latin1', 1), 'base64'));
}

export const toBase64 = (message: Buffer): Buffer =>
  Buffer.from(`${message[0] ?? 0}${message.subarray(1).toString('base64')}`);

interface Told {
  readonly status?: string;
  readonly message?: string;
}

/** How a session ended, as the client's protocol has it: a Status since v4, before that the text of a failure. */
export function errorBytes(status: Told | Buffer, asStatus: boolean): Buffer {
  if (asStatus) return Buffer.isBuffer(status) ? status : Buffer.from(JSON.stringify(status));
  const { status: outcome, message = '' } = Buffer.isBuffer(status) ? statusIn(status) : status;
  return Buffer.from(outcome === 'Success' ? '' : message);
}

function statusIn(bytes: Buffer): Told {
  const text = bytes.toString();
  // What is no Status is the text already.
  try {
    const told: unknown = JSON.parse(text);
    const isStatus = typeof told === 'object' && told !== null;
    return isStatus ? { status: textIn(told, 'status'), message: textIn(told, 'message') } : { message: text };
  } catch {
    return { message: text };
  }
}

const textIn = (told: object, name: string): string => {
  const found = (told as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'string' ? found : '';
};
