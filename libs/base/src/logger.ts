import pino from 'pino';

/** Structured logging in klog's terms: `info` always shows, `v(n)` shows when the verbosity is at least n. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, err: unknown, fields?: LogFields): void;
  /** A logger that is silent unless the verbosity (`-v`) is at least `level`. */
  v(level: number): Logger;
  with(fields: LogFields): Logger;
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface LogConfig {
  readonly component: string;
  readonly verbosity: number;
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
}

/** Fields whose values never reach a log, at the top or one level down. */
const secretFields = ['token', 'password', 'authorization', 'key', 'data', 'stringData', 'cookie', 'databaseUrl'];

export function newLogger({ component, verbosity, format, write }: LogConfig): Logger {
  const sink = { write: format === 'json' ? write : (line: string) => write(asText(line)) };
  const root = pino(
    {
      base: { component },
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    },
    sink,
  );
  return wrap(root, verbosity);
}

function wrap(log: pino.Logger, verbosity: number): Logger {
  return {
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, err, fields = {}) => log.error({ ...fields, err: describe(err) }, message),
    v: (level) => (level <= verbosity ? wrap(log, verbosity) : silent),
    with: (fields) => wrap(log.child(fields), verbosity),
  };
}

function describe(err: unknown): string {
  return err instanceof Error ? (err.stack ?? err.message) : String(err);
}

function asText(line: string): string {
  const { level, ts, component, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const letter = String(level).charAt(0).toUpperCase();
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${letter} ${String(ts)} ${String(component)} ${JSON.stringify(msg)}${rest.join('')}\n`;
}

/** Drops everything. */
export const silent: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  v: () => silent,
  with: () => silent,
};
