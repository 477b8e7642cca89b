import { sameJson, type KubeObject } from '@kubephant/api';
import { requestOrganizations } from '@kubephant/resources';
import type { CertificateSigningRequest } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { refuse } from './refuse';

const group = 'certificates.k8s.io';
const clientSigner = 'kubernetes.io/kube-apiserver-client';
const masters = 'system:masters';

const isAbout = (info: RequestInfo, subresource: string | undefined): boolean =>
  info.group === group && info.resource === 'certificatesigningrequests' && info.subresource === subresource;

const csr = (obj: KubeObject | undefined): CertificateSigningRequest => obj as unknown as CertificateSigningRequest;

/** Only who may approve for a signer approves or denies requests to it. */
export const certificateApproval = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  handles: (info, operation) => operation === 'UPDATE' && isAbout(info, 'approval'),
  validate: (attributes) => demandSigner(attributes, 'approve', authorizer),
});

/** Only who may sign for a signer gives certificates, or says why there is none. */
export const certificateSigning = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateSigning',
  handles: (info, operation) => operation === 'UPDATE' && isAbout(info, 'status'),
  async validate(attributes) {
    const [now, before] = [csr(attributes.object).status, csr(attributes.old).status];
    const isSame =
      now?.certificate === before?.certificate && sameJson(now?.conditions ?? [], before?.conditions ?? []);
    if (!isSame) await demandSigner(attributes, 'sign', authorizer);
  },
});

async function demandSigner(attributes: Attributes, verb: string, authorizer: Authorizer): Promise<void> {
  const { signerName } = csr(attributes.old).spec;
  if (await mayUse(authorizer, attributes.user, verb, signerName)) return;
  const signer = JSON.stringify(signerName);
  throw refuse(attributes, `user not permitted to ${verb} requests with signerName ${signer}`);
}

/** Rights are on a signer by its name, or on all of a domain. */
async function mayUse(authorizer: Authorizer, user: UserInfo, verb: string, signerName: string): Promise<boolean> {
  const slash = signerName.indexOf('/');
  const names = [signerName, ...(slash < 0 ? [] : [`${signerName.slice(0, slash)}/*`])];
  for (const name of names) {
    const info = { isResourceRequest: true, path: '', verb, group, version: '*', resource: 'signers', name };
    if ((await authorizer.authorize({ user, info })).verdict === 'allow') return true;
  }
  return false;
}

/** Nobody becomes a master by a certificate of the API. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: (info, operation) => operation === 'CREATE' && isAbout(info, undefined),
  async validate(attributes) {
    const { signerName, request } = csr(attributes.object).spec;
    if (signerName !== clientSigner) return;
    const organizations = requestOrganizations(Buffer.from(request, 'base64').toString());
    if (!organizations) throw refuse(attributes, 'failed to parse CSR: x509: malformed certificate request');
    if (!organizations.includes(masters)) return;
    throw refuse(attributes, `use of ${clientSigner} signer with ${masters} group is not allowed`);
  },
};
