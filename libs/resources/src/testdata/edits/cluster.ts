import { forbidden, invalid, onlyLabels, required, unsupported, type Edits } from './edit';

const otherRole = ['/roleRef/name = "edit"'] as const;
const role: Edits = {
  change: ['/rules/0/verbs = ["get","list"]'],
  invalid: [
    [required('rules[0].verbs'), '/rules/0/verbs = []'],
    [required('rules[0].resources'), '/rules/0/resources = []'],
  ],
  forbidden: [required('rules[0].apiGroups'), '/rules/0/apiGroups = []'],
};
const binding: Edits = {
  change: ['/subjects/0/name = "grace"'],
  invalid: [
    [unsupported('roleRef.kind'), '/roleRef/kind = "User"'],
    [required('subjects[0].name'), '/subjects/0/name = ""'],
  ],
  forbidden: [invalid('roleRef'), ...otherRole],
};

export const cluster: Readonly<Record<string, Edits>> = {
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService': {
    nameFollows: true,
    change: ['/spec/versionPriority = 20'],
    invalid: [
      [invalid('spec.groupPriorityMinimum'), '/spec/groupPriorityMinimum = 0'],
      [required('spec.group'), '/spec/group = ""', '/spec/version = "v2"', '/metadata/name = "v2."'],
    ],
    forbidden: [invalid('spec.versionPriority'), '/spec/versionPriority = 1001'],
    status: [
      '/status/conditions = [{"type":"Available","status":"False","reason":"None","lastTransitionTime":"2026-01-01T00:00:00Z"}]',
    ],
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition': {
    nameFollows: true,
    change: ['/spec/names/shortNames = ["wi"]'],
    invalid: [
      [required('spec.scope'), '/spec/scope = ""'],
      [required('spec.versions[0].schema.openAPIV3Schema'), '- /spec/versions/0/schema'],
      [invalid('spec.versions'), '/spec/versions/0/storage = false'],
    ],
    forbidden: [invalid('spec.group'), '/spec/group = "other.example.com"'],
    status: [
      '/status/conditions = [{"type":"Custom","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]',
    ],
  },
  'io.k8s.api.coordination.v1.Lease': {
    change: ['/spec/holderIdentity = "b"'],
    invalid: [
      [invalid('spec.leaseDurationSeconds'), '/spec/leaseDurationSeconds = 0'],
      [invalid('spec.leaseTransitions'), '/spec/leaseTransitions = -1'],
    ],
    forbidden: [invalid('spec.leaseDurationSeconds'), '/spec/leaseDurationSeconds = -5'],
  },
  'io.k8s.api.discovery.v1.EndpointSlice': {
    change: ['/endpoints/0/addresses = ["10.1.0.5"]'],
    invalid: [
      [invalid('endpoints[0].addresses[0]'), '/endpoints/0/addresses = ["ten"]'],
      [unsupported('addressType'), '/addressType = "IPX"'],
    ],
    forbidden: [invalid('addressType'), '/addressType = "IPv6"', '/endpoints = []'],
  },
  'io.k8s.api.events.v1.Event': {
    change: ['/series = {"count":2,"lastObservedTime":"2026-01-01T00:01:00.000000Z"}'],
    invalid: [
      [required('reportingController'), '/reportingController = ""'],
      [invalid('type'), '/type = "Strange"'],
    ],
    forbidden: [invalid('reason'), '/reason = "Other"'],
  },
  'io.k8s.api.rbac.v1.ClusterRole': role,
  'io.k8s.api.rbac.v1.Role': role,
  'io.k8s.api.rbac.v1.ClusterRoleBinding': binding,
  'io.k8s.api.rbac.v1.RoleBinding': binding,
  'io.k8s.api.certificates.v1.CertificateSigningRequest': {
    change: onlyLabels,
    invalid: [
      [required('spec.usages'), '/spec/usages = []'],
      [invalid('spec.signerName'), '/spec/signerName = "signer"'],
      [invalid('spec.expirationSeconds'), '/spec/expirationSeconds = 5'],
    ],
    forbidden: [invalid('metadata.labels'), '/metadata/labels = {"a b":"1"}'],
    status: ['/status/conditions = [{"type":"Failed","status":"True"}]'],
  },
  'io.k8s.api.flowcontrol.v1.FlowSchema': {
    change: ['/spec/matchingPrecedence = 500'],
    invalid: [
      [invalid('spec.matchingPrecedence'), '/spec/matchingPrecedence = -1'],
      [required('spec.priorityLevelConfiguration.name'), '/spec/priorityLevelConfiguration/name = ""'],
    ],
    forbidden: [invalid('spec.matchingPrecedence'), '/spec/matchingPrecedence = 10001'],
    status: ['/status/conditions = [{"type":"Dangling","status":"True"}]'],
  },
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration': {
    change: ['/spec/limited/nominalConcurrencyShares = 20'],
    invalid: [
      [unsupported('spec.type'), '/spec/type = "Free"'],
      [required('spec.limited'), '- /spec/limited'],
    ],
    forbidden: [forbidden('spec.limited.limitResponse.queuing'), '/spec/limited/limitResponse/queuing = {"queues":5}'],
    status: ['/status/conditions = [{"type":"Slow","status":"True"}]'],
  },
};

const policy = (...extra: Edits['invalid']): Edits['invalid'] => [
  [required('spec.matchConstraints'), '- /spec/matchConstraints'],
  ...extra,
];
const webhook: Edits = {
  change: ['/webhooks/0/timeoutSeconds = 5'],
  invalid: [
    [invalid('webhooks[0].timeoutSeconds'), '/webhooks/0/timeoutSeconds = 31'],
    [unsupported('webhooks[0].sideEffects'), '/webhooks/0/sideEffects = "Some"'],
    [required('webhooks[0].admissionReviewVersions'), '/webhooks/0/admissionReviewVersions = []'],
  ],
  forbidden: [required('webhooks[0].clientConfig'), '/webhooks/0/clientConfig = {}'],
};
const policyBinding = (change: string): Edits => ({
  change: [change],
  invalid: [[required('spec.policyName'), '/spec/policyName = ""']],
  forbidden: [required('spec.paramRef'), '/spec/paramRef = {"parameterNotFoundAction":"Deny"}'],
});

export const admission: Readonly<Record<string, Edits>> = {
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy': {
    change: ['/spec/failurePolicy = "Ignore"'],
    invalid: policy([required('spec.mutations'), '/spec/mutations = []']),
    forbidden: [required('spec.reinvocationPolicy'), '- /spec/reinvocationPolicy'],
  },
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding': policyBinding(
    '/spec/matchResources = {"namespaceSelector":{"matchLabels":{"a":"b"}}}',
  ),
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration': webhook,
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy': {
    change: ['/spec/failurePolicy = "Ignore"'],
    invalid: policy([required('spec.validations[0].expression'), '/spec/validations/0/expression = ""']),
    forbidden: [unsupported('spec.failurePolicy'), '/spec/failurePolicy = "Shrug"'],
    status: ['/status/observedGeneration = 1'],
  },
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding': policyBinding(
    '/spec/validationActions = ["Warn"]',
  ),
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration': webhook,
};
