/** One line of a log in CRI's format: `TIME STREAM TAG CONTENT`. */
export interface LogLine {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** The content goes on in the next line of the stream. */
  readonly partial: boolean;
  readonly content: Buffer;
}

const newline = 0x0a;
const space = 0x20;

/** Reads one line, without its newline; undefined for what is none. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(space);
  const second = line.indexOf(space, first + 1);
  const third = line.indexOf(space, second + 1);
  if (first < 1 || second < 0 || third < 0) return undefined;
  const stream = line.toString('latin1', first + 1, second);
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  const [tag] = line.toString('latin1', second + 1, third).split(':');
  return {
    time: line.toString('latin1', 0, first),
    stream,
    partial: tag === 'P',
    content: line.subarray(third + 1),
  };
}

export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceMs?: number;
  readonly limitBytes?: number;
  readonly stream?: 'stdout' | 'stderr';
}

/** Takes whole lines of a log and gives what a reader asked for of them. */
export class LogFormatter {
  readonly #options: LogOptions;
  #left: number;
  #rest: Buffer = Buffer.alloc(0);
  #midLine = false;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#left = options.limitBytes ?? Infinity;
  }

  /** Nothing more is wanted. */
  get full(): boolean {
    return this.#left <= 0;
  }

  /** Bytes as they come; what ends within a line waits for the rest of it. */
  push(data: Buffer): Buffer {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    const out: Buffer[] = [];
    let start = 0;
    for (let end = all.indexOf(newline); end >= 0 && !this.full; end = all.indexOf(newline, start)) {
      out.push(...this.#format(all.subarray(start, end)));
      start = end + 1;
    }
    this.#rest = all.subarray(start);
    return Buffer.concat(out);
  }

  #format(bytes: Buffer): Buffer[] {
    const line = parseLogLine(bytes);
    if (!line || !this.#wanted(line)) return [];
    const prefix = this.#options.timestamps && !this.#midLine ? [Buffer.from(`${line.time} `)] : [];
    this.#midLine = line.partial;
    const text = Buffer.concat([...prefix, line.content, ...(line.partial ? [] : [Buffer.from('\n')])]);
    const kept = text.subarray(0, Math.min(text.length, this.#left));
    this.#left -= kept.length;
    return [kept];
  }

  #wanted({ time, stream }: LogLine): boolean {
    if (this.#options.stream !== undefined && stream !== this.#options.stream) return false;
    return this.#options.sinceMs === undefined || Date.parse(time) >= this.#options.sinceMs;
  }
}
