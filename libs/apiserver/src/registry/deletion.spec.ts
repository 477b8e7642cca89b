import type { KubeObject, ObjectMeta } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';
import { isReleased, planDeletion, type DeleteRequest } from './deletion';

const now = new Date('2026-01-02T03:04:05.678Z');
const plain = {} as ResourceDefinition;
const orphaning = { defaultPropagation: 'Orphan' } as ResourceDefinition;
const graceful = { strategy: { gracePeriod: (_, asked) => asked ?? 30 } } as ResourceDefinition;

const object = (metadata: Partial<ObjectMeta>): KubeObject => ({
  kind: 'Thing',
  apiVersion: 'v1',
  metadata: { name: 'a', uid: 'u', resourceVersion: '1', ...metadata },
});

/** Outcome, finalizers, grace, generation and time of deletion, in one line. */
function told(row: ResourceDefinition, metadata: Partial<ObjectMeta>, asked: Partial<DeleteRequest>): string {
  const plan = planDeletion(row, object(metadata), { dryRun: false, ...asked }, now);
  if (plan === 'unchanged') return plan;
  const after = ('to' in plan ? plan.to : plan.remove).metadata;
  const parts = [
    'to' in plan ? 'stays' : 'goes',
    after.finalizers && `with ${after.finalizers.join()}`,
    after.deletionGracePeriodSeconds !== undefined && `after ${after.deletionGracePeriodSeconds}s`,
    after.deletionTimestamp && `at ${after.deletionTimestamp.slice(11, 19)}`,
    after.generation && `generation ${after.generation}`,
  ];
  return parts.filter(Boolean).join(' ');
}

describe('a delete', () => {
  it.each<[string, ResourceDefinition, Partial<ObjectMeta>, Partial<DeleteRequest>, string]>([
    ['of an object that nothing holds', plain, {}, {}, 'goes'],
    ['with grace of a kind without any', plain, {}, { gracePeriodSeconds: 30 }, 'goes'],
    ['of an object with a finalizer', plain, { finalizers: ['a.b/c'] }, {}, 'stays with a.b/c after 0s at 03:04:05'],
    [
      'that counts as a change',
      plain,
      { finalizers: ['a.b/c'], generation: 4 },
      {},
      'stays with a.b/c after 0s at 03:04:05 generation 5',
    ],
    [
      'in the foreground',
      plain,
      {},
      { propagationPolicy: 'Foreground' },
      'stays with foregroundDeletion after 0s at 03:04:05',
    ],
    ['that orphans', plain, {}, { propagationPolicy: 'Orphan' }, 'stays with orphan after 0s at 03:04:05'],
    ['that orphans, the old way', plain, {}, { orphanDependents: true }, 'stays with orphan after 0s at 03:04:05'],
    ['that does not orphan, the old way', orphaning, {}, { orphanDependents: false }, 'goes'],
    ['of a kind that orphans by default', orphaning, {}, {}, 'stays with orphan after 0s at 03:04:05'],
    ['in the background of such a kind', orphaning, {}, { propagationPolicy: 'Background' }, 'goes'],
    [
      'that adds a policy behind other finalizers',
      plain,
      { finalizers: ['a.b/c'] },
      { propagationPolicy: 'Foreground' },
      'stays with a.b/c,foregroundDeletion after 0s at 03:04:05',
    ],
    [
      'without a policy, of an object that has one as finalizer',
      plain,
      { finalizers: ['orphan', 'a.b/c'] },
      {},
      'stays with orphan,a.b/c after 0s at 03:04:05',
    ],
    [
      'in the background, of an object to be orphaned',
      plain,
      { finalizers: ['orphan', 'a.b/c'] },
      { propagationPolicy: 'Background' },
      'stays with a.b/c after 0s at 03:04:05',
    ],
    ['of a graceful kind', graceful, { generation: 1 }, {}, 'stays after 30s at 03:04:35 generation 2'],
    ['with a grace of its own', graceful, {}, { gracePeriodSeconds: 300 }, 'stays after 300s at 03:09:05'],
    ['with a negative grace', graceful, {}, { gracePeriodSeconds: -1 }, 'stays after 1s at 03:04:06'],
    [
      'without grace of a graceful kind',
      graceful,
      { generation: 1 },
      { gracePeriodSeconds: 0 },
      'goes after 0s at 03:04:05 generation 2',
    ],
    [
      'of a graceful kind with a finalizer',
      graceful,
      { finalizers: ['a.b/c'] },
      { gracePeriodSeconds: 0 },
      'stays with a.b/c after 0s at 03:04:05',
    ],
  ])('%s', (_, row, metadata, asked, outcome) => {
    expect(told(row, metadata, asked)).toBe(outcome);
  });
});

describe('a second delete', () => {
  const running = { generation: 2, deletionTimestamp: '2026-01-02T03:00:30Z', deletionGracePeriodSeconds: 30 };
  it.each<[string, Partial<DeleteRequest>, string]>([
    ['changes nothing without a grace', {}, 'unchanged'],
    ['cannot lengthen the grace', { gracePeriodSeconds: 60 }, 'unchanged'],
    ['cannot change the policy', { propagationPolicy: 'Foreground' }, 'unchanged'],
    ['can shorten the grace', { gracePeriodSeconds: 10 }, 'stays after 10s at 03:00:10 generation 2'],
    ['can end the grace', { gracePeriodSeconds: 0 }, 'goes after 0s at 03:00:00 generation 2'],
  ])('%s', (_, asked, outcome) => {
    expect(told(graceful, running, asked)).toBe(outcome);
  });

  it('can change the policy of a kind without grace', () => {
    const held = {
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: '2026-01-02T03:00:00Z',
      deletionGracePeriodSeconds: 0,
    };
    expect(told(plain, held, { propagationPolicy: 'Orphan' })).toBe('stays with orphan after 0s at 03:00:00');
  });
});

describe('deletion by stages', () => {
  const staged = {
    deletion: {
      begin: ({ metadata }) => void (metadata.labels = { phase: 'ending' }),
      finished: ({ metadata }) => !metadata.annotations,
    },
  } as ResourceDefinition;

  it('marks first, without grace', () => {
    expect(planDeletion(staged, object({}), { dryRun: false }, now)).toEqual({
      to: object({ deletionTimestamp: '2026-01-02T03:04:05Z', labels: { phase: 'ending' } }),
    });
  });

  it.each<[string, Partial<ObjectMeta>, string]>([
    ['while the kind holds on', { annotations: { a: 'b' } }, 'unchanged'],
    ['while finalizers hold on', { finalizers: ['a.b/c'] }, 'unchanged'],
    ['when nothing does', {}, 'goes at 03:00:00'],
  ])('%s', (_, metadata, outcome) => {
    expect(told(staged, { ...metadata, deletionTimestamp: '2026-01-02T03:00:00Z' }, {})).toBe(outcome);
  });
});

describe('an update of an object that is being deleted', () => {
  const ending = { deletionTimestamp: '2026-01-02T03:00:00Z', deletionGracePeriodSeconds: 0 };
  it.each<[string, Partial<ObjectMeta>, Partial<ObjectMeta>, boolean]>([
    ['releases it with the last finalizer', ending, ending, true],
    ['keeps it while one is left', { ...ending, finalizers: ['a.b/c'] }, ending, false],
    ['keeps it while its grace runs', ending, { ...ending, deletionGracePeriodSeconds: 30 }, false],
    ['means nothing when it is not being deleted', {}, {}, false],
  ])('%s', (_, updated, old, released) => {
    expect(isReleased(plain, object(updated), object(old))).toBe(released);
  });
});
