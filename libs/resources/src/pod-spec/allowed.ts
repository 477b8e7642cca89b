/** Values the fields of pods and services may hold, in the order in which upstream names them. */
export const protocols: readonly string[] = ['SCTP', 'TCP', 'UDP'];
export const taintEffects: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
export const pullPolicies: readonly string[] = ['Always', 'IfNotPresent', 'Never'];
export const podRestartPolicies: readonly string[] = ['Always', 'OnFailure', 'Never'];
export const containerRestartPolicies: readonly string[] = ['Always', 'Never', 'OnFailure'];
export const dnsPolicies: readonly string[] = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
export const messagePolicies: readonly string[] = ['File', 'FallbackToLogsOnError'];
export const mountPropagations: readonly string[] = ['Bidirectional', 'HostToContainer', 'None'];
export const recursiveReadOnlyModes: readonly string[] = ['Disabled', 'Enabled', 'IfPossible'];
export const uriSchemes: readonly string[] = ['HTTP', 'HTTPS'];
export const profileTypes: readonly string[] = ['Localhost', 'RuntimeDefault', 'Unconfined'];
