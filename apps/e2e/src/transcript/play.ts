import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, type Cluster } from '../harness/cluster';
import { scrub } from './scrub';
import type { Outcome, Scene, Step } from './transcript';

/** Where a transcript is played: which program, in which directory, in which environment. */
export interface Stage {
  readonly program: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Config {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
  readonly contexts: readonly { readonly context: object }[];
}

/** A namespace of that name, which is also that of the context, and a home for what the program leaves behind. */
export async function newStage(
  cluster: Cluster,
  namespace: string,
  { program, directory }: Pick<Stage, 'program' | 'directory'>,
): Promise<Stage> {
  const stages = join(cluster.dataDir, 'stages');
  const home = join(stages, namespace);
  await mkdir(home, { recursive: true });
  const config = JSON.parse(await readFile(cluster.kubeconfig, 'utf8')) as Config;
  const contexts = config.contexts.map((each) => ({ ...each, context: { ...each.context, namespace } }));
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify({ ...config, contexts }), { mode: 0o600 });
  await cluster.kubectl(`create namespace ${namespace}`);
  // What kubectl remembers of the server is shared: finding it out is most of the work of a short command.
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(stages, 'cache'), TMPDIR: home };
  return { program, directory, env: { ...env, ...(await forCurl(home, config)) } };
}

/** What curl must know to be the administrator; `--disable` makes it nobody, who still knows the authority. */
async function forCurl(home: string, { clusters, users }: Config): Promise<Readonly<Record<string, string>>> {
  const [authority, cert, key] = [join(home, 'ca.crt'), join(home, 'client.crt'), join(home, 'client.key')];
  const files: readonly (readonly [string, string | undefined])[] = [
    [authority, clusters[0]?.cluster['certificate-authority-data']],
    [cert, users[0]?.user['client-certificate-data']],
    [key, users[0]?.user['client-key-data']],
  ];
  for (const [path, data = ''] of files) await writeFile(path, Buffer.from(data, 'base64'), { mode: 0o600 });
  await writeFile(join(home, '.curlrc'), `silent\ncert = "${cert}"\nkey = "${key}"\n`);
  return { CURL_HOME: home, CURL_CA_BUNDLE: authority };
}

/** A command line into words: split at spaces, single quotes keep words together. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));

/** Leading words like NAME=value are for the environment, as in a shell. */
function commandOf(line: string): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const words = wordsOf(line);
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const settings = words.slice(0, Math.max(first, 0));
  const env = Object.fromEntries(settings.map((word) => word.split(/=(.*)/s) as [string, string]));
  return { args: words.slice(settings.length), env };
}

async function playStep(stage: Stage, { command, input }: Step): Promise<Outcome> {
  const { args, env } = commandOf(command);
  const options = { input, cwd: stage.directory, env: { ...stage.env, ...env } };
  const { code, stdout, stderr } = await run(stage.program, args, options);
  return { code, stdout: scrub(stdout), stderr: scrub(stderr) };
}

/** Plays the scenes one after the other; the same scenes with what came out now. */
export async function play(stage: Stage, scenes: readonly Scene[]): Promise<readonly Scene[]> {
  const played: Scene[] = [];
  for (const { title, steps } of scenes) {
    const done: Step[] = [];
    for (const step of steps) done.push({ ...step, outcome: await playStep(stage, step) });
    played.push({ title, steps: done });
  }
  return played;
}
