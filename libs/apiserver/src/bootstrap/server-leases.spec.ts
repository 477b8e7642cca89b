import { newFakeClock } from '@kubephant/base/testing';
import { newMemoryStore } from '@kubephant/storage';
import { ServerLeases } from './server-leases';

describe('leases of API servers', () => {
  const setUp = () => {
    const clock = newFakeClock();
    const store = newMemoryStore({ resources: [] });
    // The other server's clock is an hour ahead.
    const ahead = newFakeClock(3_600_000);
    const one = new ServerLeases({ store, clock }, { ip: '192.0.2.1', port: 6443 });
    const two = new ServerLeases({ store, clock: ahead }, { ip: '192.0.2.2', port: 6443 });
    const pass = async (ms: number) => {
      await clock.advance(ms);
      await ahead.advance(ms);
    };
    return { one, two, pass };
  };
  const ips = (places: readonly { readonly ip: string }[]) => places.map(({ ip }) => ip);

  it('tell every server of all', async () => {
    const { one, two } = setUp();
    expect(ips(await one.renew())).toEqual(['192.0.2.1']);
    expect(ips(await two.renew())).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(ips(await one.renew())).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('are alive while they are renewed, and for 25 seconds after', async () => {
    const { one, two, pass } = setUp();
    await one.renew();
    await two.renew();
    await one.renew();
    for (let i = 0; i < 2; i++) {
      await pass(10_000);
      expect(ips(await one.renew())).toEqual(['192.0.2.1', '192.0.2.2']);
    }
    await pass(10_000);
    expect(ips(await one.renew())).toEqual(['192.0.2.1']);
    expect(ips(await two.renew())).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('are given back by a server that stops, which renews no more', async () => {
    const { one, two } = setUp();
    await one.renew();
    await two.renew();
    expect(ips(await two.leave())).toEqual(['192.0.2.1']);
    expect(ips(await two.renew())).toEqual(['192.0.2.1']);
    expect(ips(await one.renew())).toEqual(['192.0.2.1']);
  });
});
