/** What a simulated command does: output at once, then an exit after a while, or never. */
export interface Program {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Infinity: until it is stopped. */
  readonly runsForMs: number;
}

export interface ProgramContext {
  readonly hostname: string;
  readonly env: Readonly<Record<string, string>>;
}

const done = (stdout = '', exitCode = 0, stderr = ''): Program => ({ stdout, stderr, exitCode, runsForMs: 0 });
type Builtin = (args: readonly string[], context: ProgramContext) => Program;

const builtins: Readonly<Record<string, Builtin>> = {
  true: () => done(),
  ':': () => done(),
  false: () => done('', 1),
  echo: (args) => done(`${args.join(' ')}\n`),
  hostname: (_, { hostname }) => done(`${hostname}\n`),
  env: (_, { env }) =>
    done(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    ),
  exit: ([code = '0']) => done('', Number(code) & 255),
  sleep: ([seconds = '0']) => ({ ...done(), runsForMs: durationMs(seconds) }),
};

/** How long a text like `5`, `0.5`, `5s` or `2m` is; `infinity` is for ever, nonsense is no time at all. */
export function durationMs(text: string): number {
  if (text === 'infinity') return Infinity;
  const [, amount = '0', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return Number(amount) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h'];
}

/**
 * Plays a command: a handful of built-ins, `sh -c` with them joined by `;` or `&&`, and anything else as a server that
 * never ends. Undefined: there is no such command, where `strict` (exec) wants to know.
 */
export function playCommand(argv: readonly string[], context: ProgramContext, strict: boolean): Program | undefined {
  const [command = '', ...args] = argv;
  const name = command.slice(command.lastIndexOf('/') + 1);
  if ((name === 'sh' || name === 'bash' || name === 'ash') && args[0] === '-c')
    return playScript(args[1] ?? '', context);
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (builtin) return builtin(args, context);
  return strict ? undefined : { ...done(), runsForMs: Infinity };
}

/** A script of built-ins; an unknown command is a server when it is the last, else not found. */
export function playScript(script: string, context: ProgramContext): Program {
  let result = done();
  for (const { line, andThen } of statements(script)) {
    if (andThen && result.exitCode !== 0) continue;
    const argv = words(line, context);
    const step = playCommand(argv, context, true) ?? done('', 127, `sh: ${argv[0] ?? ''}: not found\n`);
    result = {
      stdout: result.stdout + step.stdout,
      stderr: result.stderr + step.stderr,
      exitCode: step.exitCode,
      runsForMs: result.runsForMs + step.runsForMs,
    };
    if (argv[0] === 'exit') break;
  }
  return result;
}

function statements(script: string): { line: string; andThen: boolean }[] {
  return script
    .split(/(;|&&|\n)/)
    .map((part, i, parts) => ({ line: part.trim(), andThen: parts[i - 1] === '&&' }))
    .filter(({ line }, i) => i % 2 === 0 && line !== '');
}

function words(line: string, { env }: ProgramContext): string[] {
  const expand = (text: string): string => text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => env[name] ?? '');
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) =>
    single === undefined ? expand(double ?? bare ?? '') : single,
  );
}
