import { StatusError, type KubeObject } from '@kubephant/api';
import { parseGoDuration } from '@kubephant/base';
import { mutateBytes, mutateJson, mutateText, type FuzzTarget } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { DecodeError } from '@kubephant/schema';
import { countIndexes, firstCommonIndex, parseIndexes } from './batch/indexes';
import { parseSchedule } from './batch/schedule';
import { isTimeZone } from './batch/time-zone';
import { certificateReproach } from './certificates/certificate';
import { derValues } from './certificates/der';
import { pemBlocks } from './certificates/pem';
import { requestReproach } from './certificates/request';
import type { ResourceDefinition } from './definition';
import { validateCreate, validateUpdate } from './meta/validate';
import { isLatest } from './pod-spec/image';
import { table } from './table';
import { examples } from './testdata/examples';
import { ecdsaRequest, ed25519Request } from './testdata/pem';
import { changedObject, newObject } from './testing';

type Json = Record<string, unknown>;

/** Errors in words of their own; a TypeError is nobody's word. */
const isHonest = (err: unknown): boolean =>
  err instanceof DecodeError || err instanceof StatusError || (err as Error).constructor === Error;

const target = <T>(
  seeds: readonly T[],
  mutate: FuzzTarget<T>['mutate'],
  take: (input: never) => void,
): FuzzTarget<T> => ({ seeds, mutate, take, refuses: isHonest });

describe('text within objects', () => {
  fuzzSuite(
    'a schedule',
    target(
      ['*/5 1-3 * jan,feb mon', '@daily', '@every 1h30m', 'TZ=UTC 0 0 1 1 *', '0 0 31 2 ?'],
      mutateText,
      (text: string) => {
        parseSchedule(text);
      },
    ),
  );
  fuzzSuite(
    'a duration',
    target(['1h30m', '-1.5s', '100ms', '1us', '0'], mutateText, (text: string) => {
      expect(Number.isNaN(parseGoDuration(text))).toBe(false);
    }),
  );
  fuzzSuite(
    'indexes',
    target(['1,3-5,7', '0-9', ''], mutateText, (text: string) => {
      const indexes = parseIndexes(text, 10);
      countIndexes(indexes);
      firstCommonIndex(indexes, parseIndexes('0-9', 10));
    }),
  );
  fuzzSuite(
    'an image and a time zone',
    target(
      ['nginx:1.27', 'registry.example.com:5000/a/b@sha256:' + 'a'.repeat(64), 'Europe/Berlin', 'a-'.repeat(2000)],
      mutateText,
      (text: string) => {
        isLatest(text);
        isTimeZone(text);
      },
    ),
  );
  fuzzSuite(
    'PEM',
    target([ed25519Request, ecdsaRequest, ed25519Request + ecdsaRequest], mutateText, (text: string) => {
      pemBlocks(text);
      requestReproach(text);
      certificateReproach(text);
    }),
  );
  const der = pemBlocks(ecdsaRequest).map(({ bytes }) => bytes);
  fuzzSuite(
    'DER',
    target(der, mutateBytes, (bytes: Buffer) => void derValues(Buffer.from(bytes))),
  );
});

/** All that is done to an object before it is stored and after: none of it may stumble over what it reads. */
function handle(row: ResourceDefinition, valid: Json, draft: Json): void {
  const obj = newObject(row, draft);
  if (validateCreate(row, obj).length === 0) {
    row.strategy?.warnings?.(obj);
    show(row, obj);
  }
  const stored = newObject(row, valid);
  const changed = changedObject(row, stored, draft);
  if (validateUpdate(row, changed, stored).length === 0) row.strategy?.warnings?.(changed, stored);
  row.generationChanged?.(changed, stored);
  for (const { subresource, strategy } of parts(row)) {
    const part = changedObject(row, stored, draft);
    strategy.prepareForUpdate?.(part, stored, { now: new Date(0), user: { name: 'a', groups: [] }, subresource });
    validateUpdate(row, part, stored, { name: subresource, strategy });
  }
}

const parts = (row: ResourceDefinition) =>
  Object.entries(row.subresources ?? {}).flatMap(([subresource, one]) =>
    (one.kind === 'status' || one.kind === 'part') && one.strategy ? [{ subresource, strategy: one.strategy }] : [],
  );

function show(row: ResourceDefinition, obj: KubeObject): void {
  const stored = row.storedAs?.toStored(obj) ?? obj;
  row.storedAs?.fromStored(stored);
  for (const column of row.columns ?? []) column.value(stored, new Date(0));
  for (const field of row.fields ?? []) expect(typeof field.value(obj)).toBe('string');
}

/** A draft that is none at all is refused before any row sees it. */
const isDraft = (input: unknown): input is Json => typeof input === 'object' && input !== null && !Array.isArray(input);

describe('objects of every kind', () => {
  const served = table.filter(({ createAs, schema }) => !createAs && examples[schema]);
  const seeds = served.map((row) => ({ schema: row.schema, draft: examples[row.schema] }));
  const rows = new Map(served.map((row) => [row.schema, row]));
  fuzzSuite(
    'rules of rows',
    target(
      seeds,
      (random) => {
        const { schema } = random.pick(seeds);
        return { schema, draft: mutateJson(random, [examples[schema]]) };
      },
      ({ schema, draft }: { schema: string; draft: unknown }) => {
        const row = rows.get(schema);
        if (row && isDraft(draft)) handle(row, examples[schema] ?? {}, draft);
      },
    ),
  );
});
