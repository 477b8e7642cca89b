import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '@kubephant/schema';
import { duplicate, forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, equal, oneOf, optional, requiredOneOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { certificateReproach } from './certificate';
import { requestReproach } from './request';
import { validateSignerName } from './signer-name';

type Csr = CertificateSigningRequest;

const spec = at('spec');
const status = at('status');
const conditionsPath = status.child('conditions');

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

function validateUsages(given: readonly string[], path: Path): Causes {
  if (given.length === 0) return [required(path)];
  return each(given, path, (usage, where, index) => [
    ...oneOf(usage, where, usages),
    ...when(given.indexOf(usage) < index, () => duplicate(where, usage)),
  ]);
}

const legacySigner = 'kubernetes.io/legacy-unknown';
const shortestSeconds = 600;

const validateSigner = (name: string | undefined, path: Path): Causes =>
  name === legacySigner
    ? [invalidValue(path, name, 'the legacy signerName is not allowed via this API version')]
    : validateSignerName(name, path);

const textOf = (base64: string | undefined | null): string => Buffer.from(base64 ?? '', 'base64').toString('latin1');

function validateSpec({ spec: wanted }: Csr): Causes {
  const wrong = requestReproach(textOf(wanted.request));
  return [
    ...(wrong === undefined ? none : [invalidValue(spec.child('request'), wanted.request, wrong)]),
    ...validateUsages(wanted.usages ?? [], spec.child('usages')),
    ...validateSigner(wanted.signerName, spec.child('signerName')),
    ...optional(wanted.expirationSeconds, spec.child('expirationSeconds'), (seconds, path) =>
      when(seconds < shortestSeconds, () =>
        invalidValue(path, seconds, `may not specify a duration less than ${shortestSeconds} seconds (10 minutes)`),
      ),
    ),
  ];
}

/** Conditions that are reached or not there, and never taken back. */
const lasting = ['Approved', 'Denied', 'Failed'];
/** Of these at most one. */
const decisions = ['Approved', 'Denied'];

type Condition = CertificateSigningRequestCondition;

function validateCondition({ type, status: state }: Condition, path: Path, before: readonly string[]): Causes {
  const allowed = lasting.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
  const isUndecided = !decisions.includes(type) || !before.some((other) => other !== type && decisions.includes(other));
  return [
    ...when(!type, () => required(path.child('type'))),
    ...requiredOneOf(state, path.child('status'), allowed),
    ...when(!isUndecided, () =>
      invalidValue(conditionsPath, type, 'Approved and Denied conditions are mutually exclusive'),
    ),
    ...when(before.includes(type), () => duplicate(path.child('type'), type)),
  ];
}

const conditionsOf = (csr: Csr): readonly Condition[] => csr.status?.conditions ?? [];

function validateStatus(csr: Csr): Causes {
  const conditions = conditionsOf(csr);
  const types = conditions.map(({ type }) => type);
  const certificate = csr.status?.certificate;
  const wrong = certificate ? certificateReproach(textOf(certificate)) : undefined;
  return [
    ...each(conditions, conditionsPath, (condition, path, index) =>
      validateCondition(condition, path, types.slice(0, index)),
    ),
    // The certificate itself is not quoted: errors end up in logs.
    ...(wrong === undefined ? none : [invalidValue(status.child('certificate'), '<certificate data>', wrong)]),
  ];
}

export const validateCsr = (csr: Csr): Causes => [...validateSpec(csr), ...validateStatus(csr)];

const ofType = (csr: Csr, type: string): readonly Condition[] =>
  conditionsOf(csr).filter((condition) => condition.type === type);

const validateKept = (csr: Csr, old: Csr): Causes =>
  lasting
    .filter((type) => ofType(csr, type).length < ofType(old, type).length)
    .map((type) => forbidden(conditionsPath, `updates may not remove a condition of type ${JSON.stringify(type)}`));

/** Who may write /status may not decide. */
function validateUndecided(csr: Csr, old: Csr): Causes {
  return decisions.flatMap((type) => {
    const [now, before] = [ofType(csr, type), ofType(old, type)];
    const told = (verb: string): Causes => [
      forbidden(conditionsPath, `updates may not ${verb} a condition of type ${JSON.stringify(type)}`),
    ];
    if (now.length > before.length) return told('add');
    return now.length === before.length && !equal(now, before) ? told('modify') : none;
  });
}

function validateCertificateChange(csr: Csr, old: Csr, mayIssue: boolean): Causes {
  const [now = '', before = ''] = [csr.status?.certificate, old.status?.certificate];
  const path = status.child('certificate');
  if (now === before) return none;
  if (!mayIssue) return [forbidden(path, 'updates may not set certificate content')];
  return when(before !== '', () => forbidden(path, 'updates may not modify existing certificate content'));
}

interface Rights {
  /** Whether the write may approve or deny. */
  readonly mayDecide: boolean;
  /** Whether it may set the certificate. */
  readonly mayIssue: boolean;
}

export const validateCsrUpdate =
  ({ mayDecide, mayIssue }: Rights) =>
  (csr: Csr, old: Csr): Causes => [
    ...validateCsr(csr),
    ...validateKept(csr, old),
    ...(mayDecide ? none : validateUndecided(csr, old)),
    ...validateCertificateChange(csr, old, mayIssue),
  ];
