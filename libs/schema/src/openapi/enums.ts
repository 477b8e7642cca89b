/** Values of types that have no others: what kubectl explain lists, and client generators make types of. */
const values = `
v1.AddressType FQDN IPv4 IPv6
v1.AppArmorProfileType Localhost RuntimeDefault Unconfined
v1.AzureDataDiskCachingMode None ReadOnly ReadWrite
v1.AzureDataDiskKind Dedicated Managed Shared
v1.CompletionMode Indexed NonIndexed
v1.ConcurrencyPolicy Allow Forbid Replace
v1.DaemonSetUpdateStrategyType OnDelete RollingUpdate
v1.DeploymentStrategyType Recreate RollingUpdate
v1.DNSPolicy ClusterFirst ClusterFirstWithHostNet Default None
v1.FailurePolicyType Fail Ignore
v1.MatchPolicyType Equivalent Exact
v1.MountPropagationMode Bidirectional HostToContainer None
v1.NamespacePhase Active Terminating
v1.NodeInclusionPolicy Honor Ignore
v1.NodePhase Pending Running Terminated
v1.NodeSelectorOperator DoesNotExist Exists Gt In Lt NotIn
v1.PathType Exact ImplementationSpecific Prefix
v1.PersistentVolumeClaimPhase Bound Lost Pending
v1.PersistentVolumeMode Block Filesystem
v1.PersistentVolumePhase Available Bound Failed Pending Released
v1.PersistentVolumeReclaimPolicy Delete Recycle Retain
v1.PodFailurePolicyAction Count FailIndex FailJob Ignore
v1.PodFailurePolicyOnExitCodesOperator In NotIn
v1.PodFSGroupChangePolicy Always OnRootMismatch
v1.PodManagementPolicyType OrderedReady Parallel
v1.PodPhase Failed Pending Running Succeeded Unknown
v1.PodQOSClass BestEffort Burstable Guaranteed
v1.PodReplacementPolicy Failed TerminatingOrFailed
v1.PreemptionPolicy Never PreemptLowerPriority
v1.ProcMountType Default Unmasked
v1.Protocol SCTP TCP UDP
v1.PullPolicy Always IfNotPresent Never
v1.ReinvocationPolicyType IfNeeded Never
v1.RestartPolicy Always Never OnFailure
v1.ScopeSelectorOperator DoesNotExist Exists In NotIn
v1.SeccompProfileType Localhost RuntimeDefault Unconfined
v1.ServiceAffinity ClientIP None
v1.ServiceExternalTrafficPolicy Cluster Local
v1.ServiceInternalTrafficPolicy Cluster Local
v1.ServiceType ClusterIP ExternalName LoadBalancer NodePort
v1.SideEffectClass None NoneOnDryRun Some Unknown
v1.StatefulSetUpdateStrategyType OnDelete RollingUpdate
v1.SupplementalGroupsPolicy Merge Strict
v1.TaintEffect NoExecute NoSchedule PreferNoSchedule
v1.TerminationMessagePolicy FallbackToLogsOnError File
v1.TolerationOperator Equal Exists Gt Lt
v1.UnsatisfiableConstraintAction DoNotSchedule ScheduleAnyway
v1.URIScheme HTTP HTTPS
v1.VolumeBindingMode Immediate WaitForFirstConsumer
`;

/** By the name of the type in the facts (`go=v1.Protocol`). */
export const enums: ReadonlyMap<string, readonly string[]> = new Map(
  values
    .trim()
    .split('\n')
    .map((line) => {
      const [type = '', ...members] = line.split(' ');
      return [type, members] as const;
    }),
);
