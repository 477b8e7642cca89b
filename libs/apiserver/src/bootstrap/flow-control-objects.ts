import type {
  FlowSchema,
  FlowcontrolV1Subject,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
} from '@kubephant/schema';
import { mandatoryLevels, mandatorySchemas } from '@kubephant/resources';

type SchemaSpec = FlowSchema['spec'];
type LevelSpec = PriorityLevelConfiguration['spec'];

const group = (name: string): FlowcontrolV1Subject => ({ kind: 'Group', group: { name } });
const user = (name: string): FlowcontrolV1Subject => ({ kind: 'User', user: { name } });
const systemAccounts: FlowcontrolV1Subject = {
  kind: 'ServiceAccount',
  serviceAccount: { namespace: 'kube-system', name: '*' },
};
const everyone = [group('system:unauthenticated'), group('system:authenticated')];
const controllerManager = user('system:kube-controller-manager');
const scheduler = user('system:kube-scheduler');

const inNamespaces = (apiGroup: string, resources: string[], verbs = ['*']) => ({
  verbs,
  apiGroups: [apiGroup],
  resources,
  namespaces: ['*'],
});

const everything = (...subjects: FlowcontrolV1Subject[]): PolicyRulesWithSubjects => ({
  subjects,
  resourceRules: [{ ...inNamespaces('*', ['*']), clusterScope: true }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
});

const leases = (verbs?: string[]) => inNamespaces('coordination.k8s.io', ['leases'], verbs);

/** Level, precedence, what makes a flow, and whose requests. */
const schema = (
  level: string,
  matchingPrecedence: number,
  flow: 'ByUser' | 'ByNamespace' | undefined,
  rule: PolicyRulesWithSubjects,
): SchemaSpec => ({
  priorityLevelConfiguration: { name: level },
  matchingPrecedence,
  ...(flow && { distinguisherMethod: { type: flow } }),
  rules: [rule],
});

/** Which requests belong to which level, in a new cluster. */
export const bootstrapSchemas: ReadonlyMap<string, SchemaSpec> = new Map([
  ...mandatorySchemas,
  [
    'probes',
    schema('exempt', 2, undefined, {
      subjects: everyone,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    }),
  ],
  [
    'system-leader-election',
    schema('leader-election', 100, 'ByUser', {
      subjects: [controllerManager, scheduler, systemAccounts],
      resourceRules: [leases(['get', 'create', 'update'])],
    }),
  ],
  [
    'system-node-high',
    schema('node-high', 400, 'ByUser', {
      subjects: [group('system:nodes')],
      resourceRules: [{ ...inNamespaces('', ['nodes', 'nodes/status']), clusterScope: true }, leases()],
    }),
  ],
  ['system-nodes', schema('system', 500, 'ByUser', everything(group('system:nodes')))],
  ['kube-controller-manager', schema('workload-high', 800, 'ByNamespace', everything(controllerManager))],
  ['kube-scheduler', schema('workload-high', 800, 'ByNamespace', everything(scheduler))],
  ['kube-system-service-accounts', schema('workload-high', 900, 'ByNamespace', everything(systemAccounts))],
  ['service-accounts', schema('workload-low', 9000, 'ByUser', everything(group('system:serviceaccounts')))],
  ['global-default', schema('global-default', 9900, 'ByUser', everything(...everyone))],
]);

interface Queues {
  readonly queues: number;
  readonly handSize: number;
}

const level = (shares: number, lendablePercent: number, queuing: Queues): LevelSpec => ({
  type: 'Limited',
  limited: {
    nominalConcurrencyShares: shares,
    limitResponse: { type: 'Queue', queuing: { ...queuing, queueLengthLimit: 50 } },
    lendablePercent,
  },
});

/** How much of the server each level may use, in a new cluster. */
export const bootstrapLevels: ReadonlyMap<string, LevelSpec> = new Map([
  ...mandatoryLevels,
  ['system', level(30, 33, { queues: 64, handSize: 6 })],
  ['node-high', level(40, 25, { queues: 64, handSize: 6 })],
  ['leader-election', level(10, 0, { queues: 16, handSize: 4 })],
  ['workload-high', level(40, 50, { queues: 128, handSize: 6 })],
  ['workload-low', level(100, 90, { queues: 128, handSize: 6 })],
  ['global-default', level(20, 50, { queues: 128, handSize: 6 })],
]);
