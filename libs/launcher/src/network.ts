import { run, succeeds } from './command';
import type { Layout, NodeLayout } from './layout';

type Command = readonly string[];

const inside = ({ namespace }: NodeLayout, ...command: string[]): Command => [
  'nsenter',
  `--net=/run/netns/${namespace ?? ''}`,
  '--',
  ...command,
];

/** The bridge that joins the nodes, with the machine at its gateway address. */
export function bridgeCommands({ bridge, gateway }: Layout): readonly Command[] {
  return [
    ['ip', 'link', 'add', bridge, 'type', 'bridge'],
    ['ip', 'address', 'add', `${gateway}/24`, 'dev', bridge],
    ['ip', 'link', 'set', bridge, 'up'],
  ];
}

/** A node: a network namespace with one leg on the bridge, and everything else through the machine. */
export function nodeCommands({ bridge, gateway, index }: Layout, node: NodeLayout): readonly Command[] {
  const namespace = node.namespace ?? '';
  const leg = `kph${index}n${node.name.replace('node-', '')}`;
  return [
    ['ip', 'netns', 'add', namespace],
    ['ip', 'link', 'add', leg, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace],
    ['ip', 'link', 'set', leg, 'master', bridge, 'up'],
    inside(node, 'ip', 'link', 'set', 'lo', 'up'),
    inside(node, 'ip', 'address', 'add', `${node.address}/24`, 'dev', 'eth0'),
    inside(node, 'ip', 'link', 'set', 'eth0', 'up'),
    inside(node, 'ip', 'route', 'add', 'default', 'via', gateway),
    inside(node, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'),
  ];
}

/** What leaves the cluster's networks takes the machine's address; a table of our own, replaced as a whole. */
export function masqueradeRules({ index, nodeNetwork, podNetwork, serviceNetwork }: Layout): string {
  const networks = `{ ${nodeNetwork}, ${podNetwork}, ${serviceNetwork} }`;
  const table = `kubephant${index}`;
  return [
    `table ip ${table}`,
    `delete table ip ${table}`,
    `table ip ${table} {`,
    '  chain postrouting {',
    '    type nat hook postrouting priority 100; policy accept;',
    `    ip saddr ${networks} ip daddr != ${networks} masquerade`,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Builds what is missing; harmless when everything is there. */
export async function ensureNetwork(layout: Layout): Promise<void> {
  await run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1']);
  if (!(await succeeds(['ip', 'link', 'show', layout.bridge]))) await runAll(bridgeCommands(layout));
  await run(['nft', '-f', '-'], { input: masqueradeRules(layout) });
  for (const node of layout.nodes) {
    if (!(await succeeds(['ip', 'netns', 'pids', node.namespace ?? '']))) await runAll(nodeCommands(layout, node));
  }
  const [first] = layout.nodes;
  if (first) await run(['ip', 'route', 'replace', layout.serviceNetwork, 'via', first.address]);
}

/** Routes to the pods of each node, once the cluster has given it a range. */
export async function routePods(node: NodeLayout, podCidr: string): Promise<void> {
  await run(['ip', 'route', 'replace', podCidr, 'via', node.address]);
}

/** Removes all of it; the routes go with the bridge. */
export async function removeNetwork(layout: Layout): Promise<void> {
  const namespaces = await run(['ip', 'netns', 'list']);
  const ours = namespaces
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(`${layout.bridge}-node-`));
  for (const name of ours) await run(['ip', 'netns', 'delete', name]);
  if (await succeeds(['ip', 'link', 'show', layout.bridge])) await run(['ip', 'link', 'delete', layout.bridge]);
  await succeeds(['nft', 'delete', 'table', 'ip', `kubephant${layout.index}`]);
}

async function runAll(commands: readonly Command[]): Promise<void> {
  for (const command of commands) await run(command);
}
