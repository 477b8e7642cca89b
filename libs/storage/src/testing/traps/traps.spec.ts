import { MemoryLog } from '../../memory-log';
import { newArena } from './arena';
import { storeTraps } from './store-traps';
import { trapSuite } from './trap-suite';

describe('what made other stores wrong, on a log in memory', () => {
  trapSuite(storeTraps, async (fault) => {
    const log = new MemoryLog();
    return newArena({ newLog: async () => log, fault });
  });
});
