import type { ResourceClaim } from '@kubephant/schema';
import type { Subresource } from '../definition';
import { validateUpdate } from '../meta/validate';
import { table } from '../table';
import { examples } from '../testdata/examples';
import { newObject } from '../testing';

type Status = NonNullable<ResourceClaim['status']>;

const row = table.find(({ kind }) => kind === 'ResourceClaim')!;
const part = row.subresources!['status'] as Extract<Subresource<ResourceClaim>, { kind: 'status' }>;
const context = { now: new Date('2026-01-02T00:00:00Z'), user: { name: 'ada', groups: [] } };

const result = { request: 'gpu', driver: 'd.example.com', pool: 'node-1', device: 'gpu-0' };
const allocation = { devices: { results: [result] } };
const device = { driver: 'd.example.com', pool: 'node-1', device: 'gpu-0' } as NonNullable<Status['devices']>[number];
const consumer = { resource: 'pods', name: 'p', uid: 'u' };

interface Written {
  readonly status: Status | undefined;
  readonly told: readonly string[];
}

/** What a write of `to` over `from` stores, and what is said of it. */
function written(from: Status, to: Status, metadata: object = {}): Written {
  const old = { ...(newObject(row, examples[row.schema]!) as ResourceClaim), status: from };
  Object.assign(old.metadata, metadata);
  const claim: ResourceClaim = structuredClone({ ...old, status: to });
  claim.metadata.labels = { via: 'status' };
  part.strategy!.prepareForUpdate!(claim, old, context);
  expect(claim.metadata).toEqual(old.metadata);
  const causes = validateUpdate(row, claim, old, { name: 'status', strategy: part.strategy as never });
  return { status: claim.status, told: causes.map(({ field, message }) => `${field}: ${message}`) };
}

const results = (change: object): Status => ({ allocation: { devices: { results: [{ ...result, ...change }] } } });

describe('the status of a claim', () => {
  it.each<[string, Status, Status, readonly string[]]>([
    ['says what was allocated and for whom', {}, { allocation, reservedFor: [consumer] }, []],
    [
      'reserves what is allocated',
      {},
      { reservedFor: [consumer] },
      ['status.reservedFor: Forbidden: may not be specified when `allocated` is not set'],
    ],
    [
      'names consumers once, and completely',
      { allocation },
      { allocation, reservedFor: [consumer, consumer, { resource: '', name: '', uid: '' }] },
      [
        'status.reservedFor[2].resource: Required value',
        'status.reservedFor[2].name: Required value',
        'status.reservedFor[2].uid: Required value',
        'status.reservedFor[1]: Duplicate value: "u"',
      ],
    ],
    [
      'does not change what is allocated',
      { allocation },
      results({ device: 'gpu-1' }),
      [
        'status.allocation: Invalid value: {"Devices":{"Results":[{"Request":"gpu","Driver":"d.example.com","Pool":"node-1",' +
          '"Device":"gpu-1","AdminAccess":null,"Tolerations":null,"BindingConditions":null,"BindingFailureConditions":null,' +
          '"ShareID":null,"ConsumedCapacity":null}],"Config":null},"NodeSelector":null,"AllocationTimestamp":null}: ' +
          'field is immutable',
      ],
    ],
    ['gives it back whole', { allocation }, {}, []],
    [
      'allocates for requests there are',
      {},
      results({ request: 'none' }),
      [
        'status.allocation.devices.results[0].request: Invalid value: "none": must be the name of a request in the claim or ' +
          "the name of a request and a subrequest separated by '/'",
      ],
    ],
    [
      'names shares as they are named everywhere',
      {},
      results({ shareID: 'A' }),
      [
        'status.allocation.devices.results[0].shareID: Invalid value: "A": uid must be in RFC 4122 normalized form, ' +
          '`xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters',
      ],
    ],
    [
      'says where configuration is from',
      {},
      { allocation: { devices: { config: [{ source: 'Here', opaque: { driver: 'd', parameters: {} } }] } } },
      [
        'status.allocation.devices.config[0].source: Unsupported value: "Here": supported values: "FromClaim", "FromClass"',
      ],
    ],
    [
      'tells of devices that are allocated',
      { allocation },
      { allocation, devices: [{ ...device, device: 'gpu-1' }] },
      [
        'status.devices[0]: Invalid value: {"Driver":"d.example.com","Pool":"node-1","Device":"gpu-1","ShareID":""}: must be an allocated device in the claim',
      ],
    ],
    [
      'tells of them what is so',
      { allocation },
      {
        allocation,
        devices: [{ ...device, data: [], networkData: { ips: ['10.0.0.1', '10.0.0.01/8', '10.0.0.1/8'] } }, device],
      },
      [
        'status.devices[0].data: Invalid value: "<value omitted>": must be a valid JSON object',
        'status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        'status.devices[0].networkData.ips[1]: Invalid value: "10.0.0.01/8": must be in canonical form ("10.0.0.1/8")',
        'status.devices[1]: Duplicate value: "d.example.com/node-1/gpu-0"',
      ],
    ],
  ])('%s', (_, from, to, told) => {
    expect(written(from, to).told).toEqual(told);
  });

  it('forgets devices that were given back', () => {
    const { status, told } = written({ allocation, devices: [device] }, { devices: [device] });
    expect({ status, told }).toEqual({ status: {}, told: [] });
  });

  it('takes no new consumers while the claim goes', () => {
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    const to = { allocation, reservedFor: [consumer] };
    expect(written({ allocation }, to, going).told).toEqual([
      'status.reservedFor: Forbidden: new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set',
    ]);
    expect(written(to, to, going).told).toEqual([]);
  });
});
