import type { Ingress, IngressClass } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import { markedDefault } from './marked-default';
import type { AdmissionDependencies } from './objects';

const mark = 'ingressclass.kubernetes.io/is-default-class';
const legacyClass = 'kubernetes.io/ingress.class';

/** An ingress that names no class is of the default class. */
export function defaultIngressClass({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'DefaultIngressClass',
    handles: ({ group, resource, subresource }, operation) =>
      operation === 'CREATE' && group === 'networking.k8s.io' && resource === 'ingresses' && subresource === undefined,
    async admit({ object }) {
      const { metadata, spec } = object as unknown as Partial<Ingress> & Pick<Ingress, 'metadata'>;
      if (!spec || spec.ingressClassName !== undefined || metadata.annotations?.[legacyClass]) return;
      const found = markedDefault(objects.all<IngressClass>('ingressclasses.networking.k8s.io'), [mark]);
      if (found) spec.ingressClassName = found.metadata.name;
    },
  };
}
