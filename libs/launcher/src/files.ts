import { readFile, rename, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole: whoever is interrupted leaves the one from before. */
export async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

/** Like `replaceFile`, for its owner's eyes only. */
export const writeSecret = (path: string, text: string): Promise<void> => replaceFile(path, text, 0o600);

/** Undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw err;
  }
}
