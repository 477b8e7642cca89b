/** Roles inside namespaces: the namespace, then roles in the notation of `parseRoles`. */
export const namespacedRoles: Readonly<Record<string, string>> = {
  'kube-public': `
system:controller:bootstrap-signer
  get,list,watch core: configmaps
  update core: configmaps = cluster-info
  create,patch,update core,events.k8s.io: events
`,
  'kube-system': `
extension-apiserver-authentication-reader
  get,list,watch core: configmaps = extension-apiserver-authentication
system::leader-locking-kube-controller-manager
  create,get,list,update,watch coordination.k8s.io: leases
  create,get,list,update,watch coordination.k8s.io: leasecandidates
system::leader-locking-kube-scheduler
  create,get,list,update,watch coordination.k8s.io: leases
  create,get,list,update,watch coordination.k8s.io: leasecandidates
system:controller:bootstrap-signer
  get,list,watch core: secrets
system:controller:cloud-provider
  create,get,list,watch core: configmaps
system:controller:token-cleaner
  delete,get,list,watch core: secrets
  create,patch,update core,events.k8s.io: events
`,
};

export type SubjectText = `${'User' | 'Group'} ${string}` | `ServiceAccount ${string}`;

/** A binding inside a namespace; `role` is the binding's own name unless given. Accounts are those of kube-system. */
export interface NamespacedBinding {
  readonly namespace: string;
  readonly name: string;
  readonly role?: string;
  readonly subjects: readonly SubjectText[];
}

export const namespacedBindings: readonly NamespacedBinding[] = [
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    subjects: ['ServiceAccount bootstrap-signer'],
  },
  {
    namespace: 'kube-system',
    name: 'system::extension-apiserver-authentication-reader',
    role: 'extension-apiserver-authentication-reader',
    subjects: ['User system:kube-controller-manager', 'User system:kube-scheduler'],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    subjects: [
      'User system:kube-controller-manager',
      'ServiceAccount kube-controller-manager',
      'ServiceAccount leader-election-controller',
    ],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-scheduler',
    subjects: ['User system:kube-scheduler', 'ServiceAccount kube-scheduler'],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:bootstrap-signer',
    subjects: ['ServiceAccount bootstrap-signer'],
  },
  { namespace: 'kube-system', name: 'system:controller:cloud-provider', subjects: ['ServiceAccount cloud-provider'] },
  { namespace: 'kube-system', name: 'system:controller:token-cleaner', subjects: ['ServiceAccount token-cleaner'] },
];

/** Who holds cluster roles, beside the controllers, whose service accounts are named like their roles. */
export const clusterBindings: Readonly<Record<string, readonly SubjectText[]>> = {
  'cluster-admin': ['Group system:masters'],
  'system:basic-user': ['Group system:authenticated'],
  'system:discovery': ['Group system:authenticated'],
  'system:kube-controller-manager': ['User system:kube-controller-manager'],
  'system:kube-dns': ['ServiceAccount kube-dns'],
  'system:kube-scheduler': ['User system:kube-scheduler'],
  'system:monitoring': ['Group system:monitoring'],
  // Kubelets have the rights of this role through the Node authorizer, each on its own node's objects only.
  'system:node': [],
  'system:node-proxier': ['User system:kube-proxy'],
  'system:public-info-viewer': ['Group system:authenticated', 'Group system:unauthenticated'],
  'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
  'system:volume-scheduler': ['User system:kube-scheduler'],
};
