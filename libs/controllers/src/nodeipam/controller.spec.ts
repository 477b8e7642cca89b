import type { Draft } from '@kubephant/api';
import { nodes } from '@kubephant/client';
import type { Node } from '@kubephant/schema';
import { newRig } from '../testing/rig';
import { nextShare, parsePools } from './allocate';
import { runNodeIpamController } from './controller';

const node = (name: string, podCIDRs?: string[]): Draft<Node> => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: podCIDRs ? { podCIDR: podCIDRs[0]!, podCIDRs } : {},
});

describe('pools', () => {
  it.each([
    ['the first share', '10.244.0.0/16', [], '10.244.0.0/24'],
    ['the first that is free', '10.244.0.0/16', ['10.244.0.0/24', '10.244.2.0/24'], '10.244.1.0/24'],
    ['none that overlaps a larger one', '10.244.0.0/16', ['10.244.0.0/22'], '10.244.4.0/24'],
    ['none when all are taken', '10.0.0.0/23', ['10.0.0.0/24', '10.0.1.0/24'], undefined],
    ['IPv6 as well', 'fd00::/48', ['fd00::/64'], 'fd00:0:0:1::/64'],
  ])('give %s', (_, range, used, expected) => {
    expect(nextShare(parsePools(range)[0]!, used)).toBe(expected);
  });

  it.each([
    ['something else', 'x', 'is not a CIDR'],
    ['two ranges of a family', '10.0.0.0/16,10.1.0.0/16', 'one range of each family'],
    ['a range smaller than a share', '10.0.0.0/25', 'does not divide'],
  ])('refuse %s', (_, text, message) => expect(() => parsePools(text)).toThrow(message));
});

describe('the node IPAM controller', () => {
  it('gives every node a range of each family, and keeps what is given', async () => {
    const pools = parsePools('10.244.0.0/16,fd00::/48');
    const rig = await newRig(
      (context, signal) => runNodeIpamController(context, pools, signal),
      (cluster) => {
        cluster.seed(nodes, node('a'));
        cluster.seed(nodes, node('b'));
        cluster.seed(nodes, node('c', ['10.244.0.0/24', 'fd00::/64']));
      },
    );
    expect(rig.cluster.objects(nodes).map(({ spec }) => [spec.podCIDR, spec.podCIDRs])).toEqual([
      ['10.244.1.0/24', ['10.244.1.0/24', 'fd00:0:0:1::/64']],
      ['10.244.2.0/24', ['10.244.2.0/24', 'fd00:0:0:2::/64']],
      ['10.244.0.0/24', ['10.244.0.0/24', 'fd00::/64']],
    ]);
    await rig.stop();
  });

  it('says when there is nothing left', async () => {
    const pools = parsePools('10.0.0.0/24');
    const rig = await newRig(
      (context, signal) => runNodeIpamController(context, pools, signal),
      (cluster) => ['a', 'b'].forEach((name) => cluster.seed(nodes, node(name))),
    );
    expect(rig.recorder.said[0]).toBe('Normal CIDRNotAvailable b: Node b status is now: CIDRNotAvailable');
    await rig.stop();
  });
});
