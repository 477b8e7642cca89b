import type { Clock } from '@kubephant/base';
import { Random } from '../random';
import type { Subject, SubjectEvent } from '../subject';

const never = new AbortController().signal;
const delayMs = 40;

/**
 * A good server behind a bad network: questions and answers get lost, some questions arrive after the client has given
 * up, connections of watches break. It does not say the revision of a deletion. Nothing of that is a fault of the store.
 */
export function rough(server: Subject, clock: Clock, seed: number): Subject {
  const random = new Random(seed, `weather of ${server.name}`);
  const hangUp = (): never => {
    throw new Error('socket hang up');
  };
  const written = async <T>(write: () => Promise<T>): Promise<T> => {
    const dice = random.between(1, 100);
    if (dice <= 2) return hangUp();
    if (dice <= 4) {
      void clock
        .sleep(random.next() * delayMs, never)
        .then(write)
        .catch(() => undefined);
      return hangUp();
    }
    const answer = await write();
    return dice <= 7 ? hangUp() : answer;
  };
  return {
    name: server.name,
    create: (key, state) => written(() => server.create(key, state)),
    update: (key, state, expected) => written(() => server.update(key, state, expected)),
    delete: (key, expected) => written(() => server.delete(key, expected).then(() => undefined)),
    get: (key) => server.get(key),
    list: (request) => server.list(request),
    async *watch(request, signal): AsyncIterable<SubjectEvent> {
      for await (const event of server.watch(request, signal)) {
        yield event;
        if (random.isLucky(0.01)) hangUp();
      }
    },
  };
}
