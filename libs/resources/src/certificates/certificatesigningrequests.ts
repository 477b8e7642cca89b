import { timestamp } from '@kubephant/api';
import type { CertificateSigningRequest } from '@kubephant/schema';
import { defineResource, type Column, type Requester, type ResourceDefinition, type Strategy } from '../definition';
import { ageColumn, nameColumn, orNone, text } from '../print/columns';
import { humanDuration } from '../print/duration';
import { validateCsr, validateCsrUpdate } from './csr-validate';

type Csr = CertificateSigningRequest;
type Conditions = NonNullable<NonNullable<Csr['status']>['conditions']>;

/** Who asks is written by the server, whatever the client says. */
function stampRequester({ spec }: Csr, { name, uid, groups, extra = {} }: Requester): void {
  for (const field of ['uid', 'groups', 'extra'] as const) Reflect.deleteProperty(spec, field);
  spec.username = name;
  if (uid) spec.uid = uid;
  if (groups.length > 0) spec.groups = [...groups];
  const entries = Object.entries(extra).map(([key, values]) => [key, [...values]] as [string, string[]]);
  if (entries.length > 0) spec.extra = Object.fromEntries(entries);
}

const conditionsOf = (csr: Csr): Conditions => csr.status?.conditions ?? [];

/** Conditions without times get them: of the last transition, that of the same condition before. */
function stampConditions(csr: Csr, old: Csr, now: Date): void {
  for (const condition of conditionsOf(csr)) {
    condition.lastUpdateTime ??= timestamp(now);
    const before = conditionsOf(old).find(({ type, status }) => type === condition.type && status === condition.status);
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? timestamp(now);
  }
}

/** Decisions stay as they are on /status, unless their number says that somebody meant to change them. */
function keepDecisions({ status }: Csr, old: Csr): void {
  for (const decision of ['Approved', 'Denied']) {
    const before = conditionsOf(old).filter(({ type }) => type === decision);
    const now = status?.conditions?.filter(({ type }) => type === decision) ?? [];
    if (!status?.conditions || now.length !== before.length) continue;
    const kept = before.values();
    status.conditions = status.conditions.map((condition) =>
      condition.type === decision ? structuredClone(kept.next().value ?? condition) : condition,
    );
  }
}

const strategy: Strategy<Csr> = {
  resets: [['spec'], ['status']],
  prepareForCreate: (csr, { user }) => stampRequester(csr, user),
  prepareForUpdate(csr, old) {
    csr.spec = structuredClone(old.spec);
  },
  validate: validateCsr,
  validateUpdate: validateCsrUpdate({ mayDecide: false, mayIssue: false }),
};

const approval: Strategy<Csr> = {
  resets: [['spec'], ['status', 'certificate']],
  prepareForUpdate(csr, old, { now }) {
    const conditions = conditionsOf(csr);
    csr.spec = structuredClone(old.spec);
    csr.status = { ...structuredClone(old.status), conditions };
    if (conditions.length === 0) delete csr.status.conditions;
    stampConditions(csr, old, now);
  },
  validateUpdate: validateCsrUpdate({ mayDecide: true, mayIssue: false }),
};

const issuing: Strategy<Csr> = {
  resets: [['spec'], ['status', 'conditions']],
  prepareForUpdate(csr, old, { now }) {
    keepDecisions(csr, old);
    stampConditions(csr, old, now);
  },
  validateUpdate: validateCsrUpdate({ mayDecide: false, mayIssue: true }),
};

function stateText(csr: Csr): string {
  const has = (type: string): boolean => conditionsOf(csr).some((condition) => condition.type === type);
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, has('Failed') && 'Failed', csr.status?.certificate && 'Issued'].filter(Boolean).join(',');
}

const durationText = ({ spec: { expirationSeconds } }: Csr): string =>
  expirationSeconds === undefined ? orNone(undefined) : humanDuration(expirationSeconds * 1000);

const columns: readonly Column<Csr>[] = [
  nameColumn,
  ageColumn,
  text('SignerName', 'Who is to sign.', ({ spec }) => spec.signerName || '<none>'),
  text('Requestor', 'Who asked.', ({ spec }) => spec.username ?? ''),
  text('RequestedDuration', 'How long the certificate is to be valid.', durationText),
  text('Condition', 'What was decided and done.', stateText),
];

export const certificateSigningRequests: ResourceDefinition = defineResource<Csr>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  scope: 'Cluster',
  names: { plural: 'certificatesigningrequests', singular: 'certificatesigningrequest', short: ['csr'] },
  schema: 'io.k8s.api.certificates.v1.CertificateSigningRequest',
  nameRule: 'pathSegment',
  columns,
  fields: [{ path: 'spec.signerName', value: ({ spec }) => spec.signerName }],
  strategy,
  subresources: {
    status: { kind: 'status', strategy: issuing },
    approval: { kind: 'part', verbs: ['get', 'patch', 'update'], strategy: approval },
  },
});
