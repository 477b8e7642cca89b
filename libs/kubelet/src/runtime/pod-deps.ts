import type { Clock, Logger } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { EventRecorder } from '@kubephant/controller';
import type { Host, ImageService, RuntimeService } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import type { ObjectWatches } from '../config/object-watches';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';
import type { PodContainer } from '../pods/containers';
import type { DnsSettings } from '../pods/dns';
import type { PodPaths } from '../pods/paths';
import type { PodTokens } from '../volumes/tokens';

/** What running pods takes. */
export interface PodDeps {
  readonly client: Client;
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  readonly metrics: KubeletMetrics;
  readonly objects: ObjectWatches;
  readonly tokens: PodTokens;
  readonly paths: PodPaths;
  readonly settings: PodSettings;
}

export interface PodSettings {
  readonly nodeName: string;
  readonly cgroupRoot: string;
  readonly dns: DnsSettings;
  readonly nodeMemoryBytes: number;
  /** The node's own addresses, primary first. */
  hostIPs(): readonly string[];
  allocatable(): Readonly<Record<string, string>>;
  serviceEnv(namespace: string, links: boolean): ReadonlyMap<string, string>;
}

export function recordContainerEvent(
  { recorder }: Pick<PodDeps, 'recorder'>,
  pod: Pod,
  container: PodContainer,
  event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
): void {
  const { apiVersion, kind, metadata } = pod;
  const { name, namespace, uid, resourceVersion } = metadata;
  const about = {
    apiVersion,
    kind,
    name,
    uid,
    resourceVersion,
    ...(namespace && { namespace }),
    fieldPath: container.fieldPath,
  };
  recorder.event(about, event.type, event.reason, event.message);
}
