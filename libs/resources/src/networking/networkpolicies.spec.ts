import { validateCreate, validateUpdate } from '../meta/validate';
import { changedObject, newObject } from '../testing';
import { networkPolicies } from './networkpolicies';

const from = (network: string) => ({
  metadata: { name: 'x', namespace: 'default' },
  spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: network } }] }] },
});

describe('a network policy', () => {
  const legacy = newObject(networkPolicies, from('010.0.0.0/8'));
  const where = 'spec.ingress[0].from[0].ipBlock.cidr';

  it('keeps a network that was once accepted, and takes no other like it', () => {
    const messages = (network: string): readonly string[] => {
      const obj = changedObject(networkPolicies, legacy, from(network));
      return [...new Set(validateUpdate(networkPolicies, obj, legacy).map(({ message }) => message))];
    };
    expect(validateCreate(networkPolicies, legacy)).toHaveLength(1);
    expect(messages('010.0.0.0/8')).toEqual([]);
    expect(messages('011.0.0.0/8')).toEqual([
      'Invalid value: "011.0.0.0/8": must not have leading 0s in IP or prefix length',
    ]);
  });

  it('is told of IPv6 networks in an unusual form', () => {
    expect(networkPolicies.strategy?.warnings?.(newObject(networkPolicies, from('FD00::/8')))).toEqual([
      `${where}: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")`,
    ]);
    expect(networkPolicies.strategy?.warnings?.(newObject(networkPolicies, from('fd00::/8')))).toEqual([]);
  });
});
