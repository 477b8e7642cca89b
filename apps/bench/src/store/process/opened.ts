import { newGroup } from '@kubephant/base';
import type { Store } from '@kubephant/storage';
import { openPostgresStore } from '@kubephant/storage-postgres';
import { memoryBytes, meter, nowMs, type Usage } from '../../measure/machine';
import { log } from '../log';
import { resources } from '../payload';

/** The store of this process, once it was told to open one. */
export class Opened {
  readonly #group = newGroup();
  #store: Store | undefined = undefined;
  #usage: (() => Usage) | undefined = undefined;

  get store(): Store {
    if (!this.#store) throw new Error('the store was not opened');
    return this.#store;
  }

  /** How long it took until the store could answer. */
  async open({ connectionString }: { readonly connectionString: string }): Promise<number> {
    const startMs = nowMs();
    const { store, run } = await openPostgresStore({ connectionString, log, resources });
    this.#group.go('store', run);
    this.#store = store;
    return nowMs() - startMs;
  }

  meter(): void {
    this.#usage = meter();
  }

  /** What this process took since meter(). */
  usage(): Usage {
    if (!this.#usage) throw new Error('meter() comes first');
    return this.#usage();
  }

  memory(): { readonly held: number; readonly resident: number } {
    return memoryBytes();
  }
}
