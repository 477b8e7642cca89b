import { fromLabelSelector, type KubeObject, type LabelSelector } from '@kubephant/api';
import type { Subresource } from '../definition';

type Selecting = KubeObject & { readonly spec: { readonly selector: LabelSelector } };

/** The scale of what runs `replicas` pods that a LabelSelector selects. */
export const replicaScale: Extract<Subresource<Selecting>, { kind: 'scale' }> = {
  kind: 'scale',
  spec: '.spec.replicas',
  status: '.status.replicas',
  selector: ({ spec: { selector } }) => fromLabelSelector(selector).toString(),
};
