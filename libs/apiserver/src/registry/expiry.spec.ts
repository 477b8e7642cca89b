import { expireObjects } from './expiry';
import { newRig } from './testing/rig';
import { testRows } from './testing/rows';

const events = '/api/v1/namespaces/default/events';
const event = (name: string, count: number) => ({
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
  reason: 'Tested',
  count,
});

describe('expiry', () => {
  it('deletes events an hour after they were last written', async () => {
    const rig = newRig({}, testRows);
    const end = new AbortController();
    const running = expireObjects({ store: rig.store, rows: testRows, clock: rig.clock })(end.signal);
    const there = async (): Promise<string[]> => {
      const { items } = await rig.store.list({ resource: 'events' });
      return items.map(({ key }) => key.name);
    };
    await rig.ask(`POST ${events}`, { body: event('old', 1) });
    await rig.ask(`POST ${events}`, { body: event('again', 1) });
    await rig.ask('POST /api/v1/namespaces/default/configmaps', { body: { metadata: { name: 'immortal' } } });
    await rig.clock.advance(3_000_000);
    await rig.ask(`PUT ${events}/again`, { body: event('again', 2) });
    await rig.clock.advance(570_000);
    expect(await there()).toEqual(['again', 'old']);
    await rig.clock.advance(90_000);
    expect(await there()).toEqual(['again']);
    await rig.clock.advance(3_600_000);
    expect(await there()).toEqual([]);
    expect((await rig.ask('GET /api/v1/namespaces/default/configmaps/immortal')).status).toBe(200);
    end.abort();
    await running;
  });
});
