import { serveParent } from '../../measure/child';
import { fill, listAll, listNothing, type By, type Filling } from './lists';
import { Opened } from './opened';
import { prepareRaw, raw } from './raw';
import { crowd, flood, Follower, type Crowd } from './watches';
import { create, pacedCreates, updates, writeFor, type Load } from './writes';

export const storeProcess = 'store-process';

/** What a process with a store of its own does for its parent. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- its type is what the parent calls by
export function tasksOf(opened: Opened) {
  let follower = new Follower();
  return {
    open: (config: { connectionString: string }) => opened.open(config),
    meter: () => opened.meter(),
    usage: () => opened.usage(),
    memory: () => opened.memory(),
    create: () => create(opened.store),
    creates: (load: Load) => writeFor(load, () => create(opened.store)),
    updates: (load: Load) => updates(opened.store, load),
    pacedCreates: (load: Parameters<typeof pacedCreates>[1]) => pacedCreates(opened.store, load),
    crowd: (config: Crowd) => crowd(opened.store, config),
    flood: (config: Parameters<typeof flood>[1]) => flood(opened.store, config),
    follow: () => (follower = new Follower()).start(opened.store),
    followed: (count: number) => follower.end(count),
    fill: (filling: Filling) => fill(filling),
    listNothing: (by: By) => listNothing(opened.store, by),
    listAll: () => listAll(opened.store),
    prepareRaw,
    raw,
  };
}

export type StoreTasks = ReturnType<typeof tasksOf>;

export function runStoreProcess(): void {
  serveParent(tasksOf(new Opened()));
}
