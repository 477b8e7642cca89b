/** Names of fields that Go does not write as JSON does with a capital letter at the front. */
export const goNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    awsElasticBlockStore: 'AWSElasticBlockStore',
    cephfs: 'CephFS',
    cidr: 'CIDR',
    csi: 'CSI',
    dnsConfig: 'DNSConfig',
    dnsPolicy: 'DNSPolicy',
    fc: 'FC',
    fsGroup: 'FSGroup',
    fsGroupChangePolicy: 'FSGroupChangePolicy',
    fsType: 'FSType',
    gcePersistentDisk: 'GCEPersistentDisk',
    gmsaCredentialSpec: 'GMSACredentialSpec',
    gmsaCredentialSpecName: 'GMSACredentialSpecName',
    grpc: 'GRPC',
    http: 'HTTP',
    httpGet: 'HTTPGet',
    httpHeaders: 'HTTPHeaders',
    iqn: 'IQN',
    iscsi: 'ISCSI',
    iscsiInterface: 'ISCSIInterface',
    nfs: 'NFS',
    os: 'OS',
    osImage: 'OSImage',
    pdName: 'PDName',
    qosClass: 'QOSClass',
    rbd: 'RBD',
    seLinuxChangePolicy: 'SELinuxChangePolicy',
    seLinuxOptions: 'SELinuxOptions',
    sslEnabled: 'SSLEnabled',
    storageos: 'StorageOS',
    tcpSocket: 'TCPSocket',
    tls: 'TLS',
    ttlSecondsAfterFinished: 'TTLSecondsAfterFinished',
    tty: 'TTY',
    wwids: 'WWIDs',
  }),
);

const core = 'io.k8s.api.core.v1.';

const chap: Readonly<Record<string, string>> = {
  chapAuthDiscovery: 'DiscoveryCHAPAuth',
  chapAuthSession: 'SessionCHAPAuth',
};
const ceph: Readonly<Record<string, string>> = {
  image: 'RBDImage',
  monitors: 'CephMonitors',
  pool: 'RBDPool',
  user: 'RadosUser',
};

/** Definitions in which a field is called otherwise inside upstream. */
export const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`${core}AzureDiskVolumeSource`]: { diskURI: 'DataDiskURI' },
  [`${core}GlusterfsPersistentVolumeSource`]: { endpoints: 'EndpointsName' },
  [`${core}GlusterfsVolumeSource`]: { endpoints: 'EndpointsName' },
  [`${core}ISCSIPersistentVolumeSource`]: chap,
  [`${core}ISCSIVolumeSource`]: chap,
  [`${core}RBDPersistentVolumeSource`]: ceph,
  [`${core}RBDVolumeSource`]: ceph,
};

/** The sources of a PersistentVolume, in the order of upstream's struct of them. */
export const volumeSources: readonly string[] =
  `GCEPersistentDisk AWSElasticBlockStore HostPath Glusterfs NFS RBD Quobyte ISCSI FlexVolume Cinder CephFS FC Flocker
  AzureFile VsphereVolume AzureDisk PhotonPersistentDisk PortworxVolume ScaleIO Local StorageOS CSI`.split(/\s+/);

/** Definitions whose fields upstream keeps in another order; what is not named is kept elsewhere. */
export const orders: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    [`${core}PodSpec`]: `volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds
      activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName
      securityContext imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations
      hostAliases priorityClassName priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead
      enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride
      schedulingGroup`,
    [`${core}PodSecurityContext`]: `seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups
      supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy`,
    [`${core}Volume`]: `name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs
      persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap
      vsphereVolume azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image`,
  }).map(([definition, names]) => [definition, names.split(/\s+/)]),
);
