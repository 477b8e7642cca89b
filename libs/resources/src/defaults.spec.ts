import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './table';
import { newObject } from './testing';

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly sent: Record<string, unknown>;
  /** What is stored, before admission and allocation add their part. */
  readonly stored: Record<string, unknown>;
}

/** Each line of the file is a case. */
const read = (file: string): readonly Case[] =>
  readFileSync(join(__dirname, 'testdata', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

const cases = read('defaults.jsonl');

describe('what is stored of what was sent', () => {
  it.each(cases.map((one) => [`${one.kind}: ${one.name}`, one] as const))(
    '%s',
    (_, { kind, apiVersion, sent, stored }) => {
      const row = table.find(
        (one) => one.kind === kind && [one.group, one.version].filter(Boolean).join('/') === apiVersion,
      )!;
      expect(newObject(row, sent)).toEqual(stored);
    },
  );
});
