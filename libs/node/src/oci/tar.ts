/** One entry of an archive. Paths are relative, with `/`; parents are not made for you. */
export type TarEntry =
  | { readonly type: 'file'; readonly path: string; readonly content: Uint8Array; readonly mode?: number }
  | { readonly type: 'directory'; readonly path: string; readonly mode?: number }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

const blockSize = 512;
const typeFlags = { file: '0', directory: '5', symlink: '2' } as const;

/** A ustar archive (POSIX.1-1988) owned by root at the epoch: the same entries make the same bytes. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = entry.type === 'file' ? entry.content : new Uint8Array();
    return [header(entry, content.length), content, padding(content.length)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((blockSize - (length % blockSize)) % blockSize);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  const path = entry.type === 'directory' && !entry.path.endsWith('/') ? `${entry.path}/` : entry.path;
  const { name, prefix } = splitPath(path);
  const mode = entry.type === 'symlink' ? 0o777 : (entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644));
  block.write(name, 0, 100);
  writeOctal(block, mode, { at: 100, length: 8 });
  writeOctal(block, 0, { at: 108, length: 8 });
  writeOctal(block, 0, { at: 116, length: 8 });
  writeOctal(block, size, { at: 124, length: 12 });
  writeOctal(block, 0, { at: 136, length: 12 });
  block.write(typeFlags[entry.type], 156);
  if (entry.type === 'symlink') block.write(checked(entry.target, 100), 157, 100);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345, 155);
  // The checksum counts its own field as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function writeOctal(block: Buffer, value: number, { at, length }: { at: number; length: number }): void {
  block.write(value.toString(8).padStart(length - 1, '0'), at, length - 1);
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  const slash = path.lastIndexOf('/', path.length - 2);
  return { name: checked(path.slice(slash + 1), 100), prefix: checked(path.slice(0, Math.max(0, slash)), 155) };
}

function checked(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) > maxBytes) throw new RangeError(`path too long for a tar archive: ${text}`);
  return text;
}
