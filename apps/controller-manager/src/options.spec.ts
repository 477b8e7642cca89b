import { Command } from 'commander';
import { duration, flags, workersOf, type Options } from './options';

const parse = (...args: readonly string[]): Options =>
  flags(new Command().exitOverride())
    .parse(['node', 'kcm', '--kubeconfig=k', ...args])
    .opts();

it('flags have the defaults of upstream', () => {
  expect(parse()).toMatchObject({
    securePort: 10257,
    leaderElect: true,
    controllers: '*',
    nodeMonitorGracePeriod: 50_000,
    resourceQuotaSyncPeriod: 300_000,
    maxEndpointsPerSlice: 100,
    mirroringMaxEndpointsPerSubset: 1000,
  });
});

it('numbers of workers go to their controllers', () => {
  const options = parse('--concurrent-gc-syncs=3', '--concurrent-rc-syncs=2');
  expect(workersOf(options)).toEqual({ 'garbage-collector-controller': 3, 'replicationcontroller-controller': 2 });
});

it.each([
  ['50s', 50_000],
  ['1m30s', 90_000],
  ['0.5s', 500],
])('the duration %s', (text, ms) => expect(duration(text)).toBe(ms));

it.each(['', '5', 's', '5s5'])('the duration %j is refused', (text) =>
  expect(() => duration(text)).toThrow('not a duration'),
);
