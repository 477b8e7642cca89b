import { layoutOf, type ClusterOptions } from './layout';
import { bridgeSteps, masqueradeRules, nodeSteps } from './network';
import { processesOf } from './processes';

const options: ClusterOptions = { dataDir: '/data', portOffset: 0, nodes: 2, runtime: 'containerd', verbosity: 0 };
const programs = { node: '/node', apps: '/apps', containerd: 'containerd' };

describe('layout', () => {
  it('gives clusters with different port offsets different ports, bridges and networks', () => {
    const [one, two] = [layoutOf(options), layoutOf({ ...options, dataDir: '/other', portOffset: 100 })];
    const taken = (layout: typeof one): readonly unknown[] => [
      ...Object.values(layout.ports).filter((port) => port > 10_256 || port === layout.ports.apiserver),
      layout.bridge,
      layout.nodeNetwork,
      layout.podNetwork,
      layout.serviceNetwork,
      ...layout.nodes.flatMap(({ address, namespace, directory }) => [address, namespace, directory]),
    ];
    expect(taken(one).filter((value) => taken(two).includes(value))).toEqual([]);
  });

  it('puts a node into a network namespace only when it runs real containers', () => {
    expect(layoutOf(options).nodes.map(({ namespace }) => namespace)).toEqual([
      'kubephant0-node-1',
      'kubephant0-node-2',
    ]);
    const simulated = layoutOf({ ...options, runtime: 'simulated' });
    expect(simulated.nodes.map(({ namespace }) => namespace)).toEqual([undefined, undefined]);
    expect(new Set(simulated.nodes.map(({ kubeletPort }) => kubeletPort)).size).toBe(2);
  });

  it('has names that the kernel takes for interfaces, whatever the offset', () => {
    for (const portOffset of [0, 63, 50_000]) {
      const layout = layoutOf({ ...options, portOffset, nodes: 50 });
      const names = [layout.bridge, ...layout.nodes.flatMap((node) => nodeSteps(layout, node)[1]?.command[3] ?? [])];
      expect(names.filter((name) => name.length > 15)).toEqual([]);
    }
  });
});

describe('processes', () => {
  it('are one of each for the control plane and three for a node with real containers', () => {
    expect(processesOf(layoutOf(options), programs, undefined).map(({ name }) => name)).toEqual([
      'apiserver',
      'controller-manager',
      'scheduler',
      'dns',
      ...['node-1', 'node-2'].flatMap((node) => [`containerd-${node}`, `kubelet-${node}`, `kube-proxy-${node}`]),
    ]);
    expect(
      processesOf(layoutOf({ ...options, runtime: 'simulated' }), programs, undefined)
        .map(({ name }) => name)
        .slice(4),
    ).toEqual(['kubelet-node-1', 'kubelet-node-2']);
  });

  it('never show a password on a command line', () => {
    const layout = layoutOf({ ...options, databaseUrl: 'postgres://u:secret@db/kubephant' });
    expect(JSON.stringify(processesOf(layout, programs, undefined))).not.toContain('secret');
  });
});

describe('network', () => {
  const layout = layoutOf({ ...options, nodes: 1 });

  it('joins the machine and the nodes with a bridge', () => {
    expect(bridgeSteps(layout).map(({ command }) => command.join(' '))).toEqual([
      'ip link add kubephant0 type bridge',
      'ip link set dev kubephant0 alias /data',
      'ip address replace 172.30.0.1/24 dev kubephant0',
      'ip link set kubephant0 up',
    ]);
    expect(nodeSteps(layout, layout.nodes[0]!).map(({ command }) => command.join(' '))).toContain(
      'nsenter --net=/run/netns/kubephant0-node-1 -- ip route replace default via 172.30.0.1',
    );
  });

  it('replaces its own nftables table and touches no other', () => {
    expect(masqueradeRules(layout).match(/table ip \w+/g)).toEqual(Array(3).fill('table ip kubephant0'));
  });
});
