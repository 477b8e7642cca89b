import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { validateCreate, validateUpdate } from '../meta/validate';
import { table } from '../table';
import { changedObject, newObject, readAs } from '../testing';
import { mutate, parseGolden, printGolden, type Golden, type GoldenCase } from '../testdata/golden';

/**
 * `testdata/validation/*.txt`: an object that is accepted, changes made to it one at a time, and what is said of each.
 * Only what is not asked of a whole server in upstream-answers.
 * UPDATE_GOLDENS=1 rewrites the answers; review them as a diff.
 */
const folder = join(__dirname, '..', 'testdata', 'validation');

type Json = Record<string, unknown>;

function answer({ verb, resource, base }: Golden, changes: GoldenCase['changes']): readonly string[] {
  const { apiVersion } = base as KubeObject;
  const row = table.find(
    ({ group, version, names }) =>
      [names.plural, group].filter(Boolean).join('.') === resource && apiVersionOf(group, version) === apiVersion,
  )!;
  const changed = mutate(base, changes) as Json;
  const stored = readAs(row, base as Json);
  const obj: KubeObject = verb === 'create' ? newObject(row, changed) : changedObject(row, stored, changed);
  const causes = verb === 'create' ? validateCreate(row, obj) : validateUpdate(row, obj, stored);
  if (causes.length > 0) return [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const warnings = row.strategy?.warnings?.(obj, verb === 'create' ? undefined : stored) ?? [];
  return ['accepted', ...warnings.map((text) => `warning: ${text}`)];
}

for (const file of readdirSync(folder)) {
  const path = join(folder, file);
  const golden = parseGolden(readFileSync(path, 'utf8'));
  describe(`${golden.verb} ${golden.resource}`, () => {
    it.each(golden.cases.map((one) => [one.changes.join('; '), one] as const))('%s', (_, { changes, answers }) => {
      expect(answer(golden, changes)).toEqual(answers);
    });
    if (process.env['UPDATE_GOLDENS']) {
      const cases = golden.cases.map(({ changes }) => ({ changes, answers: answer(golden, changes) }));
      writeFileSync(path, printGolden({ ...golden, cases }));
    }
  });
}
