import type { PodSpec } from '@kubephant/schema';
import { containersOf } from './defaults';

/** Drops fields of features that are off by default: they were never there. */
export function dropGatedFields(spec: PodSpec): void {
  for (const { lifecycle } of containersOf(spec)) delete lifecycle?.stopSignal;
  delete spec.schedulingGroup;
  for (const source of (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? [])) {
    delete source.clusterTrustBundle;
    delete source.podCertificate;
  }
}
