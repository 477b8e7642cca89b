import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { table } from '../table';

interface Case {
  readonly name: string;
  readonly resource: string;
  readonly object: KubeObject;
  readonly cells: readonly unknown[];
}

/** Each line of the file is a case. */
const read = (file: string): readonly Case[] =>
  readFileSync(join(__dirname, '..', 'testdata', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

const now = new Date('2026-06-01T12:00:00.500Z');

describe('the cells kubectl shows', () => {
  it.each(read('cells.jsonl').map((one) => [`${one.resource} ${one.name}`, one] as const))(
    '%s',
    (_, { resource, object, cells }) => {
      const row = table.find(
        ({ group, version, names }) =>
          [names.plural, group].filter(Boolean).join('.') === resource &&
          apiVersionOf(group, version) === object.apiVersion,
      )!;
      const printed = row.storedAs ? row.storedAs.toStored(object) : object;
      expect(row.columns?.map((column) => column.value(printed, now))).toEqual(cells);
    },
  );
});
