import type { ClusterOptions } from './layout';
import { settleOptions, type AskedOptions } from './options';

const dataDir = '/data';
const before: ClusterOptions = { dataDir, portOffset: 100, nodes: 3, runtime: 'containerd', verbosity: 2 };
const external = { ...before, databaseUrl: 'postgres://db/one' };

describe('the options of a cluster', () => {
  it.each<[string, Omit<AskedOptions, 'dataDir'>, ClusterOptions | undefined, boolean, Partial<ClusterOptions>]>([
    [
      'are the defaults at first',
      {},
      undefined,
      true,
      { portOffset: 0, nodes: 1, runtime: 'containerd', verbosity: 0 },
    ],
    ['are simulated nodes where containers cannot be', {}, undefined, false, { runtime: 'simulated' }],
    ['stay as they were', {}, before, true, before],
    ['have as many nodes as asked for last', { nodes: 0 }, before, true, { ...before, nodes: 0 }],
    ['keep the external database', {}, external, true, external],
    [
      'take a new address of it',
      { databaseUrl: 'postgres://db/two' },
      external,
      true,
      { databaseUrl: 'postgres://db/two' },
    ],
  ])('%s', (_title, asked, existing, canContain, expected) => {
    expect(settleOptions({ dataDir, ...asked }, existing, canContain)).toMatchObject(expected);
  });

  it.each<[string, Partial<AskedOptions>, ClusterOptions | undefined, boolean, string]>([
    ['another port offset', { portOffset: 0 }, before, true, 'was made with --port-offset 100, which cannot become 0'],
    ['another runtime', { runtime: 'simulated' }, before, true, 'was made with --runtime containerd'],
    [
      'another place of the data',
      { databaseUrl: 'postgres://u:pw@db/x' },
      before,
      true,
      'was made with database embedded',
    ],
    ['containers where they cannot be', { runtime: 'containerd' }, undefined, false, 'needs Linux and root'],
    ['containers for a cluster that had them', {}, before, false, 'needs Linux and root'],
    ['a directory too deep for sockets', { dataDir: `/${'d'.repeat(80)}` }, undefined, true, 'bytes at most'],
  ])('refuse %s', (_title, asked, existing, canContain, message) => {
    expect(() => settleOptions({ dataDir, ...asked }, existing, canContain)).toThrow(message);
    expect(() => settleOptions({ dataDir, ...asked }, existing, canContain)).not.toThrow('pw');
  });
});
