import { StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { StreamDialer, StreamRequest, StreamSocket } from '../runtime';
import { newMessageQueue } from './message-queue';
import { playCommand, playScript, type Program, type ProgramContext } from './programs';

/** What waits behind a URL of the simulated streaming server. */
export type Session =
  | {
      readonly kind: 'exec';
      readonly argv: readonly string[];
      readonly streams: StreamRequest;
      readonly context: ProgramContext;
    }
  | { readonly kind: 'attach'; readonly log: () => Promise<Buffer> }
  | { readonly kind: 'portForward'; readonly port: number };

export interface SimulatedStreams {
  open(session: Session): string;
  dial: StreamDialer;
}

interface Peer {
  readonly input: AsyncIterable<Buffer>;
  write(channel: number, data: string | Uint8Array): void;
  readonly signal: AbortSignal;
}

const [stdinChannel, stdoutChannel, stderrChannel, errorChannel] = [0, 1, 2, 3];

/** Sessions speak `v4.channel.k8s.io`: one byte of channel before each message, a Status on channel 3 at the end. */
export function newSimulatedStreams(clock: Clock): SimulatedStreams {
  const waiting = new Map<string, Session>();
  let opened = 0;
  return {
    open(session) {
      const url = `simulated://${session.kind}/${String(++opened)}`;
      waiting.set(url, session);
      return url;
    },
    async dial(url, protocols, signal) {
      const session = waiting.get(url);
      if (!session || !protocols.includes('v4.channel.k8s.io')) {
        throw new StatusError('NotFound', `no session waits at ${url}`);
      }
      waiting.delete(url);
      return connect(session, clock, signal);
    },
  };
}

function connect(session: Session, clock: Clock, signal: AbortSignal): StreamSocket {
  const input = newMessageQueue<Buffer>();
  const output = newMessageQueue<Buffer>();
  const closed = new AbortController();
  const peer: Peer = {
    input,
    write: (channel, data) => output.push(Buffer.concat([Buffer.from([channel]), Buffer.from(data)])),
    signal: AbortSignal.any([signal, closed.signal]),
  };
  const served = serve(session, peer, clock).finally(() => output.end());
  served.catch((err: unknown) => peer.write(errorChannel, JSON.stringify(StatusError.from(err).status)));
  return {
    protocol: 'v4.channel.k8s.io',
    messages: output,
    send: async (data) => input.push(Buffer.from(data)),
    close: () => {
      closed.abort();
      input.end();
      output.end();
    },
  };
}

async function serve(session: Session, peer: Peer, clock: Clock): Promise<void> {
  switch (session.kind) {
    case 'exec':
      await serveExec(session, peer, clock);
      return;
    case 'attach':
      peer.write(stdoutChannel, await session.log());
      return;
    case 'portForward':
      refuse(peer, session.port);
  }
}

/** Nothing listens in a simulated pod. */
function refuse(peer: Peer, port: number): void {
  peer.write(1, `dial tcp4 127.0.0.1:${port}: connect: connection refused: nothing listens in a simulated pod`);
}

async function serveExec(session: Session & { kind: 'exec' }, peer: Peer, clock: Clock): Promise<void> {
  const { argv, streams, context } = session;
  const interactive = streams.stdin && /(^|\/)(sh|bash|ash)$/.test(argv[0] ?? '') && argv.length === 1;
  if (interactive) {
    exitWith(peer, await runShell(peer, streams.tty, context));
    return;
  }
  if (streams.stdin && argv[0] === 'cat' && argv.length === 1) {
    exitWith(peer, await echoInput(peer));
    return;
  }
  const program = playCommand(argv, context, true);
  if (!program) {
    const why = `exec: ${JSON.stringify(argv[0] ?? '')}: executable file not found in $PATH`;
    peer.write(errorChannel, JSON.stringify(new StatusError('InternalError', why).status));
    return;
  }
  await play(program, peer, clock);
}

async function play(program: Program, peer: Peer, clock: Clock): Promise<void> {
  if (program.stdout) peer.write(stdoutChannel, program.stdout);
  if (program.stderr) peer.write(stderrChannel, program.stderr);
  await clock.sleep(Math.min(program.runsForMs, 2 ** 31 - 1), peer.signal);
  exitWith(peer, program.exitCode);
}

async function echoInput(peer: Peer): Promise<number> {
  for await (const message of peer.input) {
    if (isEndOfInput(message)) break;
    if (message[0] === stdinChannel) peer.write(stdoutChannel, message.subarray(1));
  }
  return 0;
}

async function runShell(peer: Peer, tty: boolean, context: ProgramContext): Promise<number> {
  const prompt = (): void => {
    if (tty) peer.write(stdoutChannel, '# ');
  };
  prompt();
  let typed = '';
  for await (const message of peer.input) {
    if (isEndOfInput(message)) break;
    if (message[0] !== stdinChannel) continue;
    const text = message.subarray(1).toString().replaceAll('\r', '\n');
    if (tty) peer.write(stdoutChannel, text.replaceAll('\n', '\r\n'));
    const lines = (typed + text).split('\n');
    typed = lines.pop() ?? '';
    for (const line of lines) {
      const { stdout, stderr, exitCode } = playScript(line, context);
      if (stdout) peer.write(stdoutChannel, stdout);
      if (stderr) peer.write(tty ? stdoutChannel : stderrChannel, stderr);
      if (/^\s*exit\b/.test(line)) return exitCode;
      prompt();
    }
  }
  return playScript(typed, context).exitCode;
}

/** v4 has no way to close stdin alone; v5's close message is understood all the same. */
function isEndOfInput(message: Buffer): boolean {
  return message.length === 2 && message[0] === 255 && message[1] === stdinChannel;
}

function exitWith(peer: Peer, exitCode: number): void {
  const success = { metadata: {}, status: 'Success' };
  const failure = {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
  peer.write(errorChannel, JSON.stringify(exitCode === 0 ? success : failure));
}
