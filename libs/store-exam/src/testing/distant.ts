import type { Clock } from '@kubephant/base';
import { Random } from '../random';
import type { Subject, SubjectEvent } from '../subject';

const farthestMs = 4;
const never = new AbortController().signal;

/** A server behind a network: questions and answers take their time, so that calls of many clients overlap. */
export function distant(server: Subject, clock: Clock, seed: number): Subject {
  const random = new Random(seed, `network of ${server.name}`);
  const travel = (): Promise<void> => clock.sleep(random.next() * farthestMs, never);
  const far = async <T>(call: () => Promise<T>): Promise<T> => {
    await travel();
    try {
      return await call();
    } finally {
      await travel();
    }
  };
  return {
    name: server.name,
    create: (key, state) => far(() => server.create(key, state)),
    update: (key, state, expected) => far(() => server.update(key, state, expected)),
    delete: (key, expected) => far(() => server.delete(key, expected)),
    get: (key) => far(() => server.get(key)),
    list: (request) => far(() => server.list(request)),
    async *watch(request, signal): AsyncIterable<SubjectEvent> {
      await travel();
      for await (const event of server.watch(request, signal)) {
        if (random.isLucky(0.05)) await travel();
        yield event;
      }
    },
  };
}
