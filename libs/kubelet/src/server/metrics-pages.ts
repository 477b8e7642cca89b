import type { Metrics } from '@kubephant/base';
import { pageNotFound, type Incoming, type Reply } from '@kubephant/serving';
import type { KubeletParts } from '../kubelet';
import { cadvisorMetrics, withCgroups } from './cadvisor';
import { resourceMetrics } from './resource-metrics';
import { measure } from './stats';

type Page = (parts: KubeletParts, own: Metrics, signal: AbortSignal) => Promise<string>;

const pages: Readonly<Record<string, Page>> = {
  '': async (_parts, { registry }) => await registry.metrics(),
  probes: async ({ probePage }) => await probePage.registry.metrics(),
  resource: async (parts, _own, signal) => resourceMetrics(await measure(parts, signal)),
  cadvisor: async (parts, _own, signal) => {
    const measured = await measure(parts, signal);
    return cadvisorMetrics(await withCgroups(parts, measured), measured.node.timestampMs);
  },
};

/** /metrics, /metrics/cadvisor, /metrics/probes and /metrics/resource. */
export async function metricsPage(parts: KubeletParts, own: Metrics, { signal }: Incoming, name = ''): Promise<Reply> {
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
  if (!page) return pageNotFound();
  const text = await page(parts, own, signal);
  return { kind: 'bytes', status: 200, contentType: own.registry.contentType, chunks: [Buffer.from(text)] };
}
