import type { ProjectedVolumeSource, Volume } from '@kubephant/schema';
import { isLatest } from './image';

const fileMode = 0o644;

interface Item {
  fieldRef?: { apiVersion?: string };
  resourceFieldRef?: { divisor?: string };
}

function setItems(items: readonly Item[] | undefined): void {
  for (const { fieldRef, resourceFieldRef } of items ?? []) {
    if (fieldRef) fieldRef.apiVersion ||= 'v1';
    if (resourceFieldRef) resourceFieldRef.divisor ??= '0';
  }
}

function setProjected(source: ProjectedVolumeSource): void {
  source.defaultMode ??= fileMode;
  for (const { downwardAPI, serviceAccountToken } of source.sources ?? []) {
    setItems(downwardAPI?.items);
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
  }
}

type Sources = Omit<Required<Volume>, 'name'>;
type Setters = { readonly [K in keyof Sources]?: (source: Sources[K]) => void };

/** What each kind of volume is given where it says nothing. */
const setters: Setters = {
  secret: (source) => void (source.defaultMode ??= fileMode),
  configMap: (source) => void (source.defaultMode ??= fileMode),
  downwardAPI(source) {
    source.defaultMode ??= fileMode;
    setItems(source.items);
  },
  projected: setProjected,
  hostPath: (source) => void (source.type ??= ''),
  iscsi: (source) => void (source.iscsiInterface ||= 'default'),
  rbd(source) {
    source.pool ||= 'rbd';
    source.user ||= 'admin';
    source.keyring ||= '/etc/ceph/keyring';
  },
  azureDisk(source) {
    source.cachingMode ??= 'ReadWrite';
    source.kind ??= 'Shared';
    source.fsType ??= 'ext4';
    source.readOnly ??= false;
  },
  scaleIO(source) {
    source.storageMode ||= 'ThinProvisioned';
    source.fsType ||= 'xfs';
  },
  image: (source) => void (source.pullPolicy ||= isLatest(source.reference ?? '') ? 'Always' : 'IfNotPresent'),
  ephemeral({ volumeClaimTemplate }) {
    if (volumeClaimTemplate) volumeClaimTemplate.spec.volumeMode ??= 'Filesystem';
  },
};

/** Sets what the sources of a volume leave out. */
export function setSourceDefaults(sources: object): void {
  const given = sources as Partial<Record<string, unknown>>;
  for (const [key, set] of Object.entries(setters) as [string, (source: unknown) => void][]) {
    if (given[key]) set(given[key]);
  }
}

/** A volume without a source is an empty directory. */
export function setVolumeDefaults(volume: Volume): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  setSourceDefaults(volume);
}
