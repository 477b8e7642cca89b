import { setImmediate } from 'node:timers/promises';
import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { newFakeInformer } from '@kubephant/informer/testing';
import type { Node } from '@kubephant/schema';
import { runNodeRoutes, wantedRoutes } from './node-routes';

const node = (name: string, address: string | undefined, podCIDRs: string[]): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: name, resourceVersion: '1' },
  spec: { podCIDRs },
  status: { addresses: address === undefined ? [] : [{ type: 'InternalIP', address }] },
});

it('wants a route to the pods of every other node that has an address', () => {
  const nodes = [
    node('self', '172.30.0.11', ['10.1.0.0/24']),
    node('b', '172.30.0.12', ['10.1.1.0/24']),
    node('c', undefined, ['10.1.2.0/24']),
  ];
  expect([...wantedRoutes(nodes, 'self')]).toEqual([['10.1.1.0/24', '172.30.0.12']]);
});

it('adds, changes and removes routes with the nodes, and tries again what failed', async () => {
  const clock = newFakeClock();
  const nodes = newFakeInformer([node('b', '172.30.0.12', ['10.1.1.0/24'])]);
  const done: string[] = [];
  let failing = true;
  const routes = {
    replace: async (cidr: string, via: string): Promise<void> => {
      if (failing) throw new Error('network is unreachable');
      done.push(`${cidr} via ${via}`);
    },
    remove: async (cidr: string): Promise<void> => void done.push(`no ${cidr}`),
  };
  const stop = new AbortController();
  const running = runNodeRoutes({ nodes, routes, clock, log: silent }, 'self', stop.signal);
  const until = async (count: number): Promise<void> => {
    while (done.length < count) await setImmediate();
  };
  while (clock.sleepers === 0) await setImmediate();
  failing = false;
  await clock.advance(1_000);
  await until(1);
  nodes.set(node('b', '172.30.0.22', ['10.1.1.0/24']));
  await until(2);
  nodes.delete(node('b', '172.30.0.22', ['10.1.1.0/24']));
  await until(3);
  expect(done).toEqual(['10.1.1.0/24 via 172.30.0.12', '10.1.1.0/24 via 172.30.0.22', 'no 10.1.1.0/24']);
  stop.abort();
  await running;
});
