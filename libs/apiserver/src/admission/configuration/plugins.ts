/** What of upstream's plugins there is here. */
interface PluginRow {
  readonly name: string;
  /** Whether it is on unless it is turned off. */
  readonly isDefault: boolean;
  /** Why it cannot be turned on; absent: it can. */
  readonly missing?: string;
}

const on = (name: string): PluginRow => ({ name, isDefault: true });
const off = (name: string): PluginRow => ({ name, isDefault: false });
const missing = (name: string, why = 'is not part of this server'): PluginRow => ({
  ...{ name, isDefault: false, missing: why },
});

/**
 * Upstream's plugins in upstream's order. Of those that are on, some wait for a feature gate that upstream has off
 * (PodGroupProtection, ClusterTrustBundleAttest, PodGroupWorkloadExists, JobValidation): they do nothing, here as there.
 */
export const pluginTable: readonly PluginRow[] = [
  off('AlwaysAdmit'),
  missing('NamespaceAutoProvision'),
  on('NamespaceLifecycle'),
  off('NamespaceExists'),
  off('LimitPodHardAntiAffinityTopology'),
  on('LimitRanger'),
  on('ServiceAccount'),
  off('NodeRestriction'),
  on('TaintNodesByCondition'),
  off('AlwaysPullImages'),
  missing('ImagePolicyWebhook', 'is not part of this server: images are judged by admission webhooks'),
  on('PodSecurity'),
  missing('PodNodeSelector'),
  on('Priority'),
  on('DefaultTolerationSeconds'),
  missing('PodTolerationRestriction'),
  missing('EventRateLimit', 'is not part of this server: requests are limited by flow control'),
  off('ExtendedResourceToleration'),
  on('DefaultStorageClass'),
  on('StorageObjectInUseProtection'),
  on('PodGroupProtection'),
  missing('OwnerReferencesPermissionEnforcement'),
  on('PersistentVolumeClaimResize'),
  on('RuntimeClass'),
  on('CertificateApproval'),
  on('CertificateSigning'),
  on('ClusterTrustBundleAttest'),
  on('CertificateSubjectRestriction'),
  on('DefaultIngressClass'),
  off('DenyServiceExternalIPs'),
  on('PodTopologyLabels'),
  on('PodGroupWorkloadExists'),
  on('NodeDeclaredFeatureValidator'),
  on('JobValidation'),
  on('PodResizeValidator'),
  on('MutatingAdmissionPolicy'),
  on('MutatingAdmissionWebhook'),
  on('ValidatingAdmissionPolicy'),
  on('ValidatingAdmissionWebhook'),
  on('ResourceQuota'),
  off('AlwaysDeny'),
];

/** Names of the plugins that are on unless they are turned off, in order. */
export const defaultPlugins: readonly string[] = pluginTable
  .filter(({ isDefault }) => isDefault)
  .map(({ name }) => name);

/** The names of the plugins that run, in order. Throws as upstream for names that are none, and for what is not here. */
export function enabledPlugins(enable: readonly string[], disable: readonly string[]): readonly string[] {
  const problems = [
    ...enable.filter((name) => !rowOf(name)).map((name) => unknown('enable', name)),
    ...disable.filter((name) => !rowOf(name)).map((name) => unknown('disable', name)),
    ...overlapIn(enable, disable),
    ...enable.flatMap((name) => {
      const why = rowOf(name)?.missing;
      return why === undefined ? [] : [`enable-admission-plugins plugin ${JSON.stringify(name)} ${why}`];
    }),
  ];
  if (problems.length > 0) throw new Error(problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`);
  return pluginTable
    .filter(({ name, isDefault }) => enable.includes(name) || (isDefault && !disable.includes(name)))
    .map(({ name }) => name);
}

const rowOf = (name: string): PluginRow | undefined => pluginTable.find((row) => row.name === name);

const unknown = (flag: string, name: string): string =>
  `${flag}-admission-plugins plugin ${JSON.stringify(name)} is unknown`;

function overlapIn(enable: readonly string[], disable: readonly string[]): readonly string[] {
  const both = [...new Set(enable)].filter((name) => disable.includes(name)).sort();
  return both.length > 0
    ? [`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`]
    : [];
}
