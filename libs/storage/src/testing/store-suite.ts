import { clusterSuite } from './cluster-suite';
import type { StoreEnvironment } from './fixtures';
import { readSuite } from './read-suite';
import { watchSuite } from './watch-suite';
import { writeSuite } from './write-suite';

/** Every promise of the store contract as a test. `newEnvironment` makes an empty log whose first revision is 1. */
export function storeSuite(name: string, newEnvironment: () => Promise<StoreEnvironment>): void {
  describe(name, () => {
    describe('writing', () => writeSuite(newEnvironment));
    describe('reading', () => readSuite(newEnvironment));
    describe('watching', () => watchSuite(newEnvironment));
    describe('in several processes', () => clusterSuite(newEnvironment));
  });
}
