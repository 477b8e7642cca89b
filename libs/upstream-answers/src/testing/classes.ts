import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case';
import type { Level } from './compare';
import { formats } from './formats';

/** The share of answers, in percent, that must be equal up to a level; levels after the last one named are not looked at. */
export type Floor = Partial<Readonly<Record<Level, number>>>;

/** One reason why some answers of a class differ, and in what. */
export interface KnownDifference {
  readonly class: string;
  readonly reason: string;
  readonly differs: readonly Level[];
  /** Names of cases; of those with several steps `NAME #STEP`, from 0. */
  readonly answers: readonly string[];
}

/** Cases about one matter, asked in their order of one server. */
export interface CaseClass {
  /** `objects/patches` */
  readonly name: string;
  readonly what: string;
  readonly floor: Floor;
  readonly cases: readonly Case[];
  readonly differences: readonly KnownDifference[];
}

interface Listed {
  readonly class: string;
  readonly what: string;
  readonly floor: Floor;
  /** How the lines of the file are read, see formats.ts. */
  readonly format?: keyof typeof formats;
}

const testdata = join(__dirname, '../testdata');

/** The folders of testdata. */
export const folders = (): readonly string[] =>
  readdirSync(testdata).filter((name) => existsSync(join(testdata, name, 'classes.json')));

/** What `classes.json` of a folder lists: `CLASS.jsonl` are its cases, its differences are in `differences.json`. */
export function classesOf(folder: string): readonly CaseClass[] {
  const read = (file: string): string => readFileSync(join(testdata, folder, file), 'utf8');
  const known = JSON.parse(read('differences.json')) as readonly KnownDifference[];
  return (JSON.parse(read('classes.json')) as readonly Listed[]).map(({ class: name, format = 'case', ...listed }) => ({
    ...listed,
    name: `${folder}/${name}`,
    cases: formats[format](
      read(`${name}.jsonl`)
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line)),
    ),
    differences: known.filter((one) => one.class === name),
  }));
}
