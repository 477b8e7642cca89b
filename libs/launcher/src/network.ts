import { readFile, stat } from 'node:fs/promises';
import { run, succeeds } from './command';
import type { Layout, NodeLayout } from './layout';

type Command = readonly string[];

const inside = ({ namespace }: NodeLayout, ...command: string[]): Command => [
  'nsenter',
  `--net=/run/netns/${namespace ?? ''}`,
  '--',
  ...command,
];

/** A step of building: `unless` succeeds when it has been done already; without it, doing it again is harmless. */
interface Step {
  readonly command: Command;
  readonly unless?: Command;
}

/** The bridge that joins the nodes, with the machine at its gateway address; its alias says whose it is. */
export function bridgeSteps({ bridge, gateway, options }: Layout): readonly Step[] {
  return [
    { command: ['ip', 'link', 'add', bridge, 'type', 'bridge'], unless: ['ip', 'link', 'show', bridge] },
    { command: ['ip', 'link', 'set', 'dev', bridge, 'alias', options.dataDir] },
    { command: ['ip', 'address', 'replace', `${gateway}/24`, 'dev', bridge] },
    { command: ['ip', 'link', 'set', bridge, 'up'] },
  ];
}

/** A node: a network namespace with one leg on the bridge, and everything else through the machine. */
export function nodeSteps({ bridge, gateway, index }: Layout, node: NodeLayout): readonly Step[] {
  const namespace = node.namespace ?? '';
  const leg = `kph${index}n${node.name.replace('node-', '')}`;
  return [
    { command: ['ip', 'netns', 'add', namespace], unless: ['ip', 'netns', 'pids', namespace] },
    {
      command: ['ip', 'link', 'add', leg, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace],
      unless: ['ip', 'link', 'show', leg],
    },
    { command: ['ip', 'link', 'set', leg, 'master', bridge, 'up'] },
    { command: inside(node, 'ip', 'link', 'set', 'lo', 'up') },
    { command: inside(node, 'ip', 'address', 'replace', `${node.address}/24`, 'dev', 'eth0') },
    { command: inside(node, 'ip', 'link', 'set', 'eth0', 'up') },
    { command: inside(node, 'ip', 'route', 'replace', 'default', 'via', gateway) },
    { command: inside(node, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1') },
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

/**
 * Builds what is missing; harmless when everything is there, and after an interruption. Throws when another cluster has
 * the same networks; what one left whose data are gone is removed.
 */
export async function ensureNetwork(layout: Layout): Promise<void> {
  const owner = await ownerOf(layout);
  if (owner === 'gone') await removeAll(layout);
  else if (owner === 'other') throw new Error(await collision(layout));
  await run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1']);
  await build(bridgeSteps(layout));
  await run(['nft', '-f', '-'], { input: masqueradeRules(layout) });
  for (const node of layout.nodes) await build(nodeSteps(layout, node));
  const [first] = layout.nodes;
  if (first) await run(['ip', 'route', 'replace', layout.serviceNetwork, 'via', first.address]);
}

/** Routes to the pods of each node, once the cluster has given it a range. */
export async function routePods(node: NodeLayout, podCidr: string): Promise<void> {
  await run(['ip', 'route', 'replace', podCidr, 'via', node.address]);
}

/** Removes all of it, unless it belongs to another cluster; the routes go with the bridge. */
export async function removeNetwork(layout: Layout): Promise<void> {
  if ((await ownerOf(layout)) !== 'other') await removeAll(layout);
}

/** Removes a node's namespace and those of the pods that still hang on it. */
export async function removeNodeNetwork({ namespace = '' }: Pick<NodeLayout, 'namespace'>): Promise<void> {
  if (!(await succeeds(['ip', 'netns', 'pids', namespace]))) return;
  const links = await run(['ip', '-netns', namespace, '-o', 'link', 'show', 'type', 'veth']);
  for (const [, pod = ''] of links.matchAll(/ link-netns (cni-[0-9a-f-]+)/g)) await run(['ip', 'netns', 'delete', pod]);
  await run(['ip', 'netns', 'delete', namespace]);
}

type Owner = 'nobody' | 'us' | 'other' | 'gone';

const aliasOf = (bridge: string): Promise<string | undefined> =>
  readFile(`/sys/class/net/${bridge}/ifalias`, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/** Whose the bridge is: of nobody when there is none, or one that was interrupted before it got its alias. */
async function ownerOf({ bridge, options }: Layout): Promise<Owner> {
  const alias = await aliasOf(bridge);
  if (alias === undefined || alias === '') return 'nobody';
  if (alias === options.dataDir) return 'us';
  return await stat(alias).then(
    () => 'other',
    () => 'gone',
  );
}

async function collision({ bridge, options: { portOffset } }: Layout): Promise<string> {
  return (
    `the cluster in ${(await aliasOf(bridge)) ?? ''} has the networks that belong to --port-offset ${portOffset}: ` +
    'take it down, or use another --data-dir with an offset that differs by something else than a multiple of 64'
  );
}

async function removeAll(layout: Layout): Promise<void> {
  const names = (await run(['ip', 'netns', 'list'])).split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const namespace of names.filter((name) => name.startsWith(`${layout.bridge}-node-`)))
    await removeNodeNetwork({ namespace });
  if (await succeeds(['ip', 'link', 'show', layout.bridge])) await run(['ip', 'link', 'delete', layout.bridge]);
  await succeeds(['nft', 'delete', 'table', 'ip', `kubephant${layout.index}`]);
}

async function build(steps: readonly Step[]): Promise<void> {
  for (const { command, unless } of steps) if (!unless || !(await succeeds(unless))) await run(command);
}
