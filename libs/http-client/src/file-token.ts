import { readFile } from 'node:fs/promises';

/** How long a token read from a file is used before the file is read again: kubelets and vaults replace it in place. */
const rereadMs = 60_000;

/** The bearer token in the file at `path`, read again every minute. While it cannot be read, the last one is used. */
export function fileToken(path: string, now: () => number = Date.now): () => Promise<string> {
  let last: { readonly token: string; readonly readMs: number } | undefined;
  return async () => {
    if (last && now() - last.readMs < rereadMs) return last.token;
    try {
      last = { token: (await readFile(path, 'utf8')).trim(), readMs: now() };
    } catch (err) {
      if (!last) throw err;
    }
    return last.token;
  };
}
