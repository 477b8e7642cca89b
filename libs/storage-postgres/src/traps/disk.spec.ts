import { userInfo } from 'node:os';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { trapSuite, type Fault } from '@kubephant/storage/testing';
import { migrated, newPostgresArena, type PostgresArena } from './testing/arena';
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

// Only root can make a disk to fill.
if (userInfo().uid === 0) describe('a disk that is full', () => trapSuite(diskTraps, onSmallDisk));
