import { readFile } from 'node:fs/promises';
import { run } from '../harness/cluster';
import { runSeed, type SeedReport } from './exam';
import { singleFaults } from './fault';
import { linesOf } from './report';
import { floorOf } from './run-exam';
import { apiServerProgram } from './stage/api-server';
import { Stage } from './stage/stage';

/** Low, because this machine also runs a cluster: it tells a stalled server from a slow one. */
const floor = floorOf(1);

describe('two API servers on one PostgreSQL, under traffic and every kind of fault', () => {
  let stage: Stage;
  let report: SeedReport;

  beforeAll(async () => {
    stage = await Stage.open({ servers: 2, apiserver: apiServerProgram, diskMegabytes: 512, keep: false });
    const count = singleFaults.length;
    report = await runSeed(
      stage,
      { seed: 1, count, faults: singleFaults, floor, pace: 0 },
      new AbortController().signal,
    );
    process.stdout.write(`${linesOf(report).join('\n')}\n`);
  }, 240_000);

  afterAll(() => stage.close(), 60_000);

  it('had every fault', () => {
    expect([...report.injected.keys()].sort()).toEqual([...singleFaults].sort());
  });

  it('recover from each of them, and end with what the database has', () => {
    expect(report.problems).toEqual([]);
  });

  it('keep every promise', () => {
    expect(report.verdict.violations).toEqual([]);
    expect(report.verdict.passed).toBe(true);
  });

  it('drop partitions of the log meanwhile', () => {
    expect(report.compaction.partitions).toBeGreaterThan(0);
  });
});

it('the stage leaves neither processes nor mounts behind', async () => {
  const stage = await Stage.open({ servers: 1, apiserver: apiServerProgram, diskMegabytes: 256, keep: false });
  await stage.begin('exam_leftovers');
  await stage.close();
  expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(stage.directory);
  expect((await run('ps', ['-eo', 'args'])).stdout).not.toContain(stage.directory);
}, 120_000);
