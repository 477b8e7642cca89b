/** One block of a PEM text. Headers (`Proc-Type: …`) have no meaning here; that there are some is told. */
export interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  readonly bytes: Buffer;
}

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';

/** What stands between the lines of a block; undefined when it is no base64. */
function readBody(type: string, lines: readonly string[]): PemBlock | undefined {
  const data = lines.filter((line) => line !== '' && !line.includes(':')).join('');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return undefined;
  return { type, hasHeaders: lines.some((line) => line.includes(':')), bytes: Buffer.from(data, 'base64') };
}

/** The blocks of a text in order; what is between them is ignored, and so are blocks that do not end as they begin. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const found: PemBlock[] = [];
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
    const stop = text.indexOf(end, at);
    if (stop < 0) return found;
    const [first = '', ...lines] = text.slice(at + begin.length, stop).split(/\r?\n/);
    const type = first.trimEnd().slice(0, -dashes.length);
    const closing = `${end}${type}${dashes}`;
    const block =
      first.trimEnd().endsWith(dashes) && text.startsWith(closing, stop) ? readBody(type, lines) : undefined;
    if (block) found.push(block);
    at = stop + end.length;
  }
  return found;
}
