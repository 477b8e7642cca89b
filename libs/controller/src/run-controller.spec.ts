import { keyString, type KubeObject, type ObjectKey } from '@kubephant/api';
import { silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newFakeInformer, type FakeInformer } from '@kubephant/informer/testing';
import { changes, TerminalError, type Result } from './reconciler';
import { runController } from './run-controller';

const thing = (name: string, version = '1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace: 'ns', uid: name, resourceVersion: version },
});

interface Rig {
  readonly clock: FakeClock;
  readonly informer: FakeInformer<KubeObject>;
  readonly reconciled: string[];
  stop(): Promise<void>;
}

/** A controller of things whose reconciler answers with `answer`. */
function newRig(answer: (key: ObjectKey, signal: AbortSignal) => Promise<Result>, workers = 1): Rig {
  const clock = newFakeClock();
  const informer = newFakeInformer([thing('a')]);
  const reconciled: string[] = [];
  const stop = new AbortController();
  const reconcile = (key: ObjectKey, signal: AbortSignal): Promise<Result> => {
    reconciled.push(`${clock.now()} ${keyString(key)}`);
    return answer(key, signal);
  };
  const sources = [changes(informer, ({ metadata: { namespace, name } }) => [{ namespace, name }])];
  const running = runController(
    { name: 'things', sources, reconciler: { reconcile }, workers },
    { log: silent, clock },
    stop.signal,
  );
  return {
    clock,
    informer,
    reconciled,
    async stop() {
      stop.abort();
      await running;
      expect(clock.sleepers).toBe(0);
    },
  };
}

describe('a controller', () => {
  it('reconciles what is there, what changes and what goes', async () => {
    const rig = newRig(async () => undefined);
    await rig.clock.advance(1);
    rig.informer.set(thing('a', '2'));
    await rig.clock.advance(1);
    rig.informer.delete(thing('a'));
    await rig.clock.advance(1);
    expect(rig.reconciled).toEqual(['0 ns/a', '1 ns/a', '2 ns/a']);
    await rig.stop();
  });

  it('tries again with growing waits after a failure', async () => {
    let failures = 3;
    const rig = newRig(() => (failures-- > 0 ? Promise.reject(new Error('no')) : Promise.resolve(undefined)));
    await rig.clock.advance(1000);
    expect(rig.reconciled).toEqual(['0 ns/a', '5 ns/a', '15 ns/a', '35 ns/a']);
    await rig.stop();
  });

  it('does not try again after a terminal error', async () => {
    const rig = newRig(() => Promise.reject(new TerminalError('never')));
    await rig.clock.advance(1_000_000);
    expect(rig.reconciled).toEqual(['0 ns/a']);
    await rig.stop();
  });

  it('comes back when asked to', async () => {
    const rig = newRig(async () => ({ requeueAfterMs: 100 }));
    await rig.clock.advance(250);
    expect(rig.reconciled).toEqual(['0 ns/a', '100 ns/a', '200 ns/a']);
    await rig.stop();
  });

  it('works on one key with one worker, and on several keys with several', async () => {
    const gate = Promise.withResolvers<Result>();
    const rig = newRig(() => gate.promise, 2);
    await rig.clock.advance(0);
    rig.informer.set(thing('b'));
    rig.informer.set(thing('a', '2'));
    await rig.clock.advance(1);
    expect(rig.reconciled).toEqual(['0 ns/a', '0 ns/b']);
    gate.resolve(undefined);
    await rig.clock.advance(1);
    expect(rig.reconciled).toEqual(['0 ns/a', '0 ns/b', '1 ns/a']);
    await rig.stop();
  });

  it('ends when stopped, telling the reconciliation under way', async () => {
    const rig = newRig(
      (_, signal) => new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await rig.clock.advance(1);
    await rig.stop();
    expect(rig.reconciled).toEqual(['0 ns/a']);
  });
});
