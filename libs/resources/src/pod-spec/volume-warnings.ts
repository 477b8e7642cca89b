import type { Volume } from '@kubephant/schema';
import { sizeWarnings } from '../storage/claim-spec';
import type { Path } from '../validation/path';

type Warnings = readonly string[];

/** Sources that are gone, and under which name upstream says so. */
export const deprecatedSources: readonly (readonly [keyof Volume, string, string?])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** A file of a volume, and where it comes from where there are several sources. */
interface File {
  readonly path: string;
  readonly source: string;
}

const shown = ({ path, source }: File): string => JSON.stringify(path) + (source ? ` (${source})` : '');

const contains = (outer: File, inner: File): boolean => `${inner.path}/`.startsWith(`${outer.path}/`);

/** Files that lie at the same place, or inside each other. */
function overlaps(files: readonly File[]): Warnings {
  const trimmed = files.map((file) => ({ ...file, path: file.path.replace(/\/+$/, '') }));
  return trimmed.flatMap((file, index) =>
    trimmed
      .slice(0, file.path === '' ? 0 : index)
      .filter((other) => other.path !== '' && (contains(other, file) || contains(file, other)))
      .map((other) => `${shown(file)} with ${shown(other)}`),
  );
}

const filesOf = (items: readonly { readonly path: string }[] | undefined, source = ''): readonly File[] =>
  (items ?? []).map(({ path }) => ({ path, source }));

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function certificateFiles({ podCertificate }: Projection): readonly File[] {
  const fields = [
    ['certificateChainPath', 'chain'],
    ['keyPath', 'key'],
    ['credentialBundlePath', 'credential bundle'],
  ] as const;
  return fields.flatMap(([field, what]) => {
    const path = podCertificate?.[field];
    return path ? [{ path, source: `PodCertificate ${what}` }] : [];
  });
}

function projectedFiles(source: Projection): readonly File[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle: bundle } = source;
  if (configMap?.items) return filesOf(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`);
  if (secret?.items) return filesOf(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return filesOf([serviceAccountToken], 'ServiceAccountToken');
  return bundle ? filesOf([bundle], bundleName(bundle)) : certificateFiles(source);
}

type Bundle = NonNullable<Projection['clusterTrustBundle']>;

const bundleName = ({ name, signerName = '' }: Bundle): string =>
  `ClusterTrustBundle ${JSON.stringify(name ?? signerName)}`;

function overlapWarnings(volume: Volume): Warnings {
  const { configMap, secret, downwardAPI, projected } = volume;
  const name = JSON.stringify(volume.name);
  const sources = projected?.sources ?? [];
  const kinds: readonly (readonly [string, readonly File[]])[] = [
    [`ConfigMap ${JSON.stringify(configMap?.name ?? '')}`, filesOf(configMap?.items)],
    [`Secret ${JSON.stringify(secret?.secretName ?? '')}`, filesOf(secret?.items)],
    ['DownwardAPI', filesOf(downwardAPI?.items)],
    ['Projected', sources.flatMap(projectedFiles)],
  ];
  return [
    ...sources
      .filter((source) => Object.keys(source).length === 0)
      .map(() => `volume ${name} (Projected) has no sources provided`),
    ...kinds.flatMap(([kind, files]) =>
      overlaps(files).map((text) => `volume ${name} (${kind}): overlapping paths: ${text}`),
    ),
  ];
}

/** What of the volumes does nothing any more, or not what its author thinks. */
export const volumeWarnings = (volumes: readonly Volume[] | undefined, path: Path): Warnings => [
  ...(volumes ?? []).flatMap((volume, index) => {
    const where = path.index(index);
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    return [
      ...deprecatedSources
        .filter(([source]) => volume[source] !== undefined)
        .map(([source, why, name = source]) => `${where.child(name).toString()}: ${why}`),
      ...(claim ? sizeWarnings(claim, where.child('ephemeral', 'volumeClaimTemplate', 'spec')) : []),
    ];
  }),
  ...(volumes ?? []).flatMap(overlapWarnings),
];
