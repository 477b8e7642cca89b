import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classesOf, folders } from './testing';
import { describeDifferences } from './testing/report';

const document = join(__dirname, '../../../docs/upstream-differences.md');

it('is written down where answers differ from upstream', () => {
  const text = describeDifferences(folders().flatMap(classesOf));
  if (process.env['UPDATE_GOLDEN']) writeFileSync(document, text);
  expect(readFileSync(document, 'utf8')).toBe(text);
});
