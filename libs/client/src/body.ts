/** Longest line of a watch: an object is at most 3 MiB on the wire, its event a little more. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Longest answer that is read at once. Lists beyond it need `limit`. */
export const maxBodyBytes = 400 * 1024 * 1024;

/** The whole body as text; throws when it is longer than `limitBytes`. */
export async function readText(body: AsyncIterable<Uint8Array>, limitBytes = maxBodyBytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limitBytes) throw new Error(`the answer is longer than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

const newline = 0x0a;

/** The lines of a body, without their ends and without empty ones; throws when one is longer than `limitBytes`. */
export async function* readLines(body: AsyncIterable<Uint8Array>, limitBytes = maxLineBytes): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const take = (last: Uint8Array): string => {
    const line = pending.length === 0 ? asText(last) : Buffer.concat([...pending, last]).toString('utf8');
    pending = [];
    pendingBytes = 0;
    return line;
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = take(chunk.subarray(start, end));
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > limitBytes) throw new Error(`a line of the stream is longer than ${limitBytes} bytes`);
  }
  const rest = take(new Uint8Array());
  if (rest.trim() !== '') yield rest;
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
