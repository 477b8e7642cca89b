import { forbidden, notFound, StatusError, type KubeObject } from '@kubephant/api';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import type { AdmissionDependencies } from './objects';
import { refuse } from './refuse';

/** Namespaces that the system cannot be without. */
const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

const namespaces = { group: '', resource: 'namespaces' };

interface Namespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}

/** Nothing is written into a namespace that is not there, nothing new into one that is being emptied. */
export function namespaceLifecycle({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    handles: (_info, operation) => operation !== 'CONNECT',
    async admit(attributes) {
      const { info, operation } = attributes;
      const isNamespace = info.group === '' && info.resource === 'namespaces';
      if (operation === 'DELETE') {
        const { name = '' } = info;
        if (isNamespace && immortal.has(name)) throw forbidden(namespaces, name, 'this namespace may not be deleted');
        return;
      }
      if (isNamespace || !info.namespace || isReview(attributes)) return;
      const namespace = await objects.find<Namespace>('namespaces', '', info.namespace);
      if (!namespace) throw notFound(namespaces, info.namespace);
      if (operation === 'CREATE' && isEnding(namespace)) throw terminating(attributes, info.namespace);
    },
  };
}

const isReview = ({ info }: Attributes): boolean => info.group === 'authorization.k8s.io';

const isEnding = ({ status, metadata }: Namespace): boolean =>
  status?.phase === 'Terminating' || metadata.deletionTimestamp !== undefined;

function terminating(attributes: Attributes, namespace: string): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { message, status } = refuse(attributes, why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return new StatusError('Forbidden', message, { ...status.details, causes: [cause] });
}
