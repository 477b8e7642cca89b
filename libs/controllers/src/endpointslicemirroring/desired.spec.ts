import { mirroredGroups } from './desired';

const http = { name: 'http', port: 80, protocol: 'TCP' };

describe('what slices say of an Endpoints object', () => {
  it('is which addresses are ready behind which ports, by family', () => {
    const subsets = [
      {
        addresses: [
          { ip: '10.0.0.1', hostname: 'h', nodeName: 'n1', targetRef: { kind: 'Pod', name: 'a' } },
          { ip: 'fd00::1' },
        ],
        notReadyAddresses: [{ ip: '10.0.0.2' }],
        ports: [{ name: 'http', port: 80, appProtocol: 'http' }],
      },
    ];
    const ports = [{ ...http, appProtocol: 'http' }];
    const first = { hostname: 'h', targetRef: { kind: 'Pod', name: 'a' }, nodeName: 'n1' };
    expect(mirroredGroups({ subsets }, 10)).toEqual({
      groups: [
        {
          addressType: 'IPv4',
          ports,
          endpoints: [
            { addresses: ['10.0.0.1'], conditions: { ready: true }, ...first },
            { addresses: ['10.0.0.2'], conditions: { ready: false } },
          ],
        },
        { addressType: 'IPv6', ports, endpoints: [{ addresses: ['fd00::1'], conditions: { ready: true } }] },
      ],
      invalid: 0,
      tooMany: 0,
    });
  });

  it('joins subsets of the same ports, and knows subsets without any', () => {
    const subsets = [
      { addresses: [{ ip: '10.0.0.1' }], ports: [http] },
      { addresses: [{ ip: '10.0.0.2' }], ports: [http] },
      { addresses: [{ ip: '10.0.0.3' }] },
    ];
    const { groups } = mirroredGroups({ subsets }, 10);
    expect(groups.map(({ ports, endpoints }) => [ports.length, endpoints.length])).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it('leaves out what is no address and what is too much, and counts both', () => {
    const subsets = [
      { addresses: [{ ip: 'x' }, { ip: '10.0.0.1' }], notReadyAddresses: [{ ip: '10.0.0.2' }, { ip: '10.0.0.3' }] },
    ];
    const { groups, ...skipped } = mirroredGroups({ subsets }, 2);
    expect(skipped).toEqual({ invalid: 1, tooMany: 1 });
    expect(groups[0]?.endpoints.map(({ addresses }) => addresses[0])).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it.each([
    ['192.0.2.255', 'IPv4'],
    ['fd00::1', 'IPv6'],
    ['::ffff:192.0.2.1', 'IPv6'],
    ['192.0.2.256', undefined],
    ['192.0.2', undefined],
    ['192.0.2.1.', undefined],
    ['fd00:::1', undefined],
    ['::1]/', undefined],
    ['', undefined],
  ])('takes %j for %s', (ip, family) =>
    expect(mirroredGroups({ subsets: [{ addresses: [{ ip }] }] }, 10).groups[0]?.addressType).toBe(family),
  );

  it.each([{}, { subsets: [] }])('is nothing when there is nothing', (endpoints) =>
    expect(mirroredGroups(endpoints, 10)).toEqual({ groups: [], invalid: 0, tooMany: 0 }),
  );
});
