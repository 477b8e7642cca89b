import type { CertificateSigningRequest } from '@kubephant/schema';
import type { Subresource } from '../definition';
import { validateUpdate } from '../meta/validate';
import { examples } from '../testdata/examples';
import { base64, certificate } from '../testdata/pem';
import { changedObject, newObject } from '../testing';
import { certificateSigningRequests as row } from './certificatesigningrequests';

type Csr = CertificateSigningRequest;
type Status = NonNullable<Csr['status']>;
type Conditions = NonNullable<Status['conditions']>;

const now = new Date('2026-01-02T00:00:00Z');
const before = '2026-01-01T00:00:00Z';
const user = { name: 'ada', uid: '7', groups: ['builders'], extra: { 'example.com/team': ['red'] } };
const example = examples[row.schema]!;

const condition = (type: string, status = 'True'): Conditions[number] => ({
  type,
  status,
  lastUpdateTime: null as unknown as string,
  lastTransitionTime: null as unknown as string,
});
const old = (type: string): Conditions[number] => ({
  ...condition(type),
  lastUpdateTime: before,
  lastTransitionTime: before,
});
const withStatus = (status: Status): Csr => ({ ...(newObject(row, example) as Csr), status });

interface Written {
  readonly status: Status | undefined;
  readonly told: readonly string[];
}

/** What a write of `to` over `from` stores, and what is said of it. */
function written(subresource: 'approval' | 'status', from: Status, to: Status): Written {
  const stored = withStatus(from);
  const csr: Csr = structuredClone({ ...stored, status: to });
  const part = row.subresources![subresource] as Extract<Subresource<Csr>, { kind: 'part' | 'status' }>;
  part.strategy!.prepareForUpdate!(csr, stored, { now, user });
  const causes = validateUpdate(row, csr, stored, { name: 'status', strategy: part.strategy as never });
  return { status: csr.status, told: causes.map(({ field, message }) => `${field}: ${message}`) };
}

describe('a certificate signing request', () => {
  it('says who asked for it, whatever the client wrote', () => {
    const csr = newObject(row, {
      ...example,
      spec: { ...(example['spec'] as object), username: 'root', groups: ['x'] },
    });
    row.strategy!.prepareForCreate!(csr, { now, user });
    expect(csr).toMatchObject({
      spec: { username: 'ada', uid: '7', groups: ['builders'], extra: { 'example.com/team': ['red'] } },
    });
    row.strategy!.prepareForCreate!(csr, { now, user: { name: 'bob', groups: [] } });
    expect(csr).toMatchObject({ spec: { username: 'bob' } });
    for (const field of ['uid', 'groups', 'extra']) expect(csr).not.toHaveProperty(`spec.${field}`);
  });

  it('never changes what it asks for', () => {
    const stored = newObject(row, example);
    const changed = { ...example, spec: { ...(example['spec'] as object), usages: ['any'] } };
    expect(changedObject(row, stored, changed)).toEqual(stored);
  });

  it('notes when it was approved, and takes nothing else on /approval', () => {
    const { status, told } = written('approval', {}, { conditions: [condition('Approved')], certificate: 'YQ==' });
    const time = '2026-01-02T00:00:00Z';
    expect(status).toEqual({
      conditions: [{ ...condition('Approved'), lastUpdateTime: time, lastTransitionTime: time }],
    });
    expect(told).toEqual([]);
  });

  it('keeps the time of a transition that did not happen again', () => {
    const { status } = written('approval', { conditions: [old('Approved')] }, { conditions: [condition('Approved')] });
    expect(status?.conditions?.[0]).toMatchObject({
      lastUpdateTime: '2026-01-02T00:00:00Z',
      lastTransitionTime: before,
    });
  });

  const path = 'status.conditions';
  it.each<[string, 'approval' | 'status', Status, Status, readonly string[]]>([
    [
      'is not approved and denied',
      'approval',
      {},
      { conditions: [condition('Approved'), condition('Denied')] },
      [`${path}: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive`],
    ],
    [
      'stays approved',
      'approval',
      { conditions: [old('Approved')] },
      {},
      [`${path}: Forbidden: updates may not remove a condition of type "Approved"`],
    ],
    [
      'is approved or not, nothing between',
      'approval',
      {},
      { conditions: [condition('Approved', 'Unknown')] },
      [`${path}[0].status: Unsupported value: "Unknown": supported values: "True"`],
    ],
    [
      'is not approved on /status',
      'status',
      {},
      { conditions: [condition('Approved')] },
      [`${path}: Forbidden: updates may not add a condition of type "Approved"`],
    ],
    ['is issued on /status', 'status', {}, { certificate: base64(certificate) }, []],
    ['fails on /status', 'status', {}, { conditions: [condition('Failed')] }, []],
    [
      'is issued once',
      'status',
      { certificate: base64(certificate) },
      { certificate: base64(certificate + certificate) },
      ['status.certificate: Forbidden: updates may not modify existing certificate content'],
    ],
    [
      'is issued certificates only',
      'status',
      {},
      { certificate: 'QUFB' },
      ['status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block'],
    ],
  ])('%s', (_, subresource, from, to, told) => {
    expect(written(subresource, from, to).told).toEqual(told);
  });

  it('keeps a decision that somebody touched on /status', () => {
    const touched = { ...old('Approved'), reason: 'because' };
    expect(written('status', { conditions: [old('Approved')] }, { conditions: [touched] })).toEqual({
      status: { conditions: [old('Approved')] },
      told: [],
    });
  });
});
