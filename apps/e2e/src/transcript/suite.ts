import { readFileSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Cluster } from '../harness/cluster';
import { expectNothingLeft } from '../harness/leftovers';
import { newStage, play } from './play';
import { parseTranscript, renderScene, renderTranscript, type Scene } from './transcript';

export interface Company {
  /** Its transcripts, each played in a namespace of its own, which is called like the file. */
  readonly directory: string;
  /** Whose command lines those of a transcript are. */
  readonly programOf: (transcript: string) => string;
  /** Flags of `up` beside where. */
  readonly flags: readonly string[];
}

/** As many at once as keep two cores busy. */
const players = 6;

interface Transcript {
  readonly name: string;
  readonly path: string;
  readonly scenes: readonly Scene[];
}

const stepsIn = ({ scenes }: Transcript): number => scenes.reduce((sum, { steps }) => sum + steps.length, 0);

/** The longest first, so that none is begun when the others are done. */
const transcriptsIn = (directory: string): readonly Transcript[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.txt'))
    .map((file) => ({
      name: basename(file, '.txt'),
      path: join(directory, file),
      scenes: parseTranscript(readFileSync(join(directory, file), 'utf8')),
    }))
    .sort((a, b) => stepsIn(b) - stepsIn(a));

/** Plays all transcripts on one cluster, several at a time; what comes out is what they say, or with UPDATE_GOLDEN will be. */
export function transcriptSuite(cluster: Cluster, { directory, programOf, flags }: Company): void {
  const update = process.env['UPDATE_GOLDEN'] !== undefined;
  const transcripts = transcriptsIn(directory);
  const played = new Map<string, readonly Scene[]>();

  async function playOne({ name, path, scenes }: Transcript): Promise<void> {
    const stage = await newStage(cluster, name, { program: programOf(name), directory });
    const actual = await play(stage, scenes);
    played.set(name, actual);
    if (update) await writeFile(path, renderTranscript(actual));
  }

  beforeAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
    await cluster.launch('up', `--port-offset=${cluster.portOffset}`, '--runtime=simulated', ...flags);
    const waiting = [...transcripts];
    const playAll = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await playOne(next);
    };
    await Promise.all(Array.from({ length: players }, playAll));
  }, 300_000);
  afterAll(async () => {
    await cluster.kubephant('down');
    // A cluster that lives on would work on the next one, whose credentials it finds where its own were.
    await expectNothingLeft(cluster);
    await rm(cluster.dataDir, { recursive: true, force: true });
  });

  describe.each(transcripts)('$name', ({ name, scenes }) => {
    it.each(scenes.map((scene, i) => [scene.title, scene, i] as const))('%s', (_title, expected, i) => {
      const actual = played.get(name)?.[i];
      expect(actual && renderScene(actual)).toBe(renderScene(update && actual ? actual : expected));
    });
  });
}
