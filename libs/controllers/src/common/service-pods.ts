import { fromSet, keyOf } from '@kubephant/api';
import type { Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Container, Pod, Service, ServicePort } from '@kubephant/schema';
import { isReady, isTerminal } from './pods';

/** Whether the pods behind a service are ours to find. */
export function selectsPods({ spec }: Service): boolean {
  return spec.type !== 'ExternalName' && spec.selector !== undefined && Object.keys(spec.selector).length > 0;
}

export function podsOf(service: Service, pods: SharedInformer<Pod>): readonly Pod[] {
  const selector = fromSet(service.spec.selector ?? {});
  return pods.lister.list(service.metadata.namespace).filter(({ metadata }) => selector.matches(metadata.labels));
}

/** Everything of a pod that its endpoints show: what else changes does not concern its services. */
function imageOf({ metadata, spec, status }: Pod): string {
  const { uid, labels, deletionTimestamp } = metadata;
  const isOver = isTerminal(status?.phase);
  const { nodeName, hostname, subdomain } = spec;
  return JSON.stringify([
    uid,
    labels,
    Boolean(deletionTimestamp),
    isOver,
    status?.podIPs,
    status?.podIP,
    nodeName,
    hostname,
    subdomain,
  ]);
}

/** Services whose endpoints a change of pods concerns. */
export function servicesOfPods(services: SharedInformer<Service>, pods: SharedInformer<Pod>): Source {
  return {
    start(enqueue) {
      const enqueueAll = (pod: Pod): void => {
        for (const service of services.lister.list(pod.metadata.namespace)) {
          if (selectsPods(service) && fromSet(service.spec.selector ?? {}).matches(pod.metadata.labels))
            enqueue(keyOf(service));
        }
      };
      pods.addEventHandler({
        onAdd: enqueueAll,
        onUpdate(old, pod) {
          if (imageOf(old) === imageOf(pod) && isReady(old) === isReady(pod)) return;
          enqueueAll(old);
          enqueueAll(pod);
        },
        onDelete: enqueueAll,
      });
    },
    synced: (signal) => pods.synced(signal),
  };
}

/** The number that a service port means on this pod; undefined when it names a port that the pod does not have. */
export function targetPortOf({ spec }: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (targetPort === undefined || targetPort === 0 || targetPort === '') return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const isNamed = (candidate: NonNullable<Container['ports']>[number]): boolean =>
    candidate.name === targetPort && (candidate.protocol ?? 'TCP') === protocol;
  return [...spec.containers, ...sidecars].flatMap(({ ports = [] }) => ports).find(isNamed)?.containerPort;
}

/** Every address of the pod, the primary one first. */
export function addressesOf({ status }: Pod): readonly string[] {
  const all = (status?.podIPs ?? []).map(({ ip }) => ip).filter(Boolean);
  return all.length > 0 ? all : status?.podIP ? [status.podIP] : [];
}

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

/** The pod's name within the service: only where the pod says that it belongs to the service's domain. */
export function hostnameOf({ metadata, spec }: Pod, service: Service): string | undefined {
  const belongs = spec.subdomain === service.metadata.name && metadata.namespace === service.metadata.namespace;
  return spec.hostname && belongs ? spec.hostname : undefined;
}
