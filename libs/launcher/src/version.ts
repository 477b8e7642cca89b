import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ProcessSpec } from './supervisor';

/**
 * Gives each program the version that stands for its command line and for the content of every file named on it (its
 * bundle, kubeconfig, certificates): a process of another version runs with what is no longer true.
 */
export async function withVersions(specs: readonly ProcessSpec[]): Promise<readonly ProcessSpec[]> {
  return await Promise.all(specs.map(async (spec) => ({ ...spec, version: await versionOf(spec) })));
}

async function versionOf(spec: ProcessSpec): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(spec));
  // The program itself is the first: Node and containerd are not read, they are large and their path stands for them.
  for (const word of spec.argv.slice(1)) {
    const path = word.slice(word.indexOf('=') + 1);
    if (path.startsWith('/') && (await isFile(path))) hash.update(path).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
