import type { KubeObject } from '@kubephant/api';
import type { ServiceAccount, TokenRequest } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Target } from '../definition';
import { ageColumn, nameColumn } from '../print/columns';

const enforceMountable = 'kubernetes.io/enforce-mountable-secrets';

const warnings = ({ metadata }: ServiceAccount): readonly string[] =>
  metadata.annotations?.[enforceMountable] === undefined
    ? []
    : [
        `metadata.annotations[${enforceMountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
      ];

/** Only the names of secrets are kept. */
function keepSecretNames({ secrets = [] }: ServiceAccount): void {
  secrets.forEach(({ name }, index) => (secrets[index] = name === undefined ? {} : { name }));
}

/** How long a token lives for which nothing is said. */
const defaultTokenSeconds = 3600;

function setTokenDefaults(input: KubeObject): void {
  (input as TokenRequest).spec.expirationSeconds ??= defaultTokenSeconds;
}

/** Answers a TokenRequest for a service account with the same request, its status filled in. */
export type IssueToken = (target: Target<ServiceAccount>, request: KubeObject) => Promise<KubeObject>;

export const serviceAccounts = (issueToken?: IssueToken): ResourceDefinition =>
  defineResource<ServiceAccount>({
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    scope: 'Namespaced',
    names: { plural: 'serviceaccounts', singular: 'serviceaccount', short: ['sa'] },
    schema: 'io.k8s.api.core.v1.ServiceAccount',
    deleteReturnsObject: true,
    columns: [nameColumn, ageColumn],
    strategy: { prepareForCreate: keepSecretNames, prepareForUpdate: keepSecretNames, warnings },
    ...(issueToken && {
      subresources: {
        token: {
          kind: 'create',
          input: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
          answersWithInput: { defaults: setTokenDefaults },
          create: issueToken,
        },
      },
    }),
  });
