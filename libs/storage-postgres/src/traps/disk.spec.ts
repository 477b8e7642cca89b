import { userInfo } from 'node:os';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Store } from '@kubephant/storage';
import { failureOf, keyOf, podOf, trapSuite, type Fault, type TestPod } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { SmallDisk } from './testing/disk';
import { diskTraps, saidDiskTraps, type DiskArena } from './testing/disk-traps';

describe('a server that says that its disk is full', () => {
  const postgres = withTestPostgres({ template: migrated });
  trapSuite(saidDiskTraps, async (fault?: Fault): Promise<PostgresArena> =>
    newPostgresArena(await postgres.newDatabase(), fault),
  );
});

async function onSmallDisk(fault?: Fault): Promise<DiskArena> {
  const disk = await SmallDisk.mount();
  const arena = await newPostgresArena(disk.connectionString, fault);
  const close = async (): Promise<void> => {
    await arena.close();
    await disk.unmount();
  };
  return { ...arena, disk, close };
}

/** Writes small changes while the log of the server grows, until one of both fails. Returns the last that was answered. */
async function writeUntilItDies({ admin }: DiskArena, store: Store): Promise<number> {
  const grow = "SELECT pg_logical_emit_message(false, 'kubephant', repeat('x', 1 << 20))";
  for (let answered = 0; ; answered++) {
    const death = await failureOf(admin.sql(grow));
    const pod = podOf('a', { spec: { count: answered + 1 } });
    const failure = await failureOf(store.guaranteedUpdate(keyOf('a'), () => ({ to: pod }), { orCreate: true }));
    if (failure !== undefined)
      expect(failure).toMatchObject({ reason: expect.stringMatching(/Unavailable|Timeout/) as string });
    if (failure !== undefined) return answered;
    if (death !== undefined) return answered + 1;
  }
}

// Only root can make a disk to fill.
if (userInfo().uid === 0) {
  describe('a disk that is full', () => {
    trapSuite(diskTraps, onSmallDisk);

    it('may be the death of the server, which then comes back with all that was answered', async () => {
      const arena = await onSmallDisk();
      const { open, disk, close } = arena;
      await disk.fillUpTo(1 << 20);
      const answered = await writeUntilItDies(arena, await open());
      await disk.empty();
      await disk.revive();
      const restarted = await open();
      const { object } = await restarted.get<TestPod>(keyOf('a'));
      // The one after it was not answered: it may have been made.
      expect([answered, answered + 1]).toContain(object.spec?.count);
      await expect(restarted.create(keyOf('b'), podOf('b'))).resolves.toMatchObject({ key: keyOf('b') });
      await close();
    }, 60_000);
  });
}
