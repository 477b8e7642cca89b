import { is, timestamp, type Draft } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { ServiceCIDR } from '@kubephant/schema';
import { ensure } from './ensure';
import { serviceCidrs } from './refs';

const key = { name: 'kubernetes' };

const defaultCidr = (cidr: string): Draft<ServiceCIDR> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { ...key, finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
  spec: { cidrs: [cidr] },
});

/** The range of service addresses as an object, which says that it is in use. */
export async function ensureServiceCidr(
  client: Client,
  cidr: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const api = client.resource(serviceCidrs);
  await ensure(client, serviceCidrs, defaultCidr(cidr), signal);
  const stored = await api.get(key, signal);
  const conditions = stored.status?.conditions ?? [];
  if (conditions.some(({ type }) => type === 'Ready')) return;
  const ready = {
    type: 'Ready',
    status: 'True' as const,
    lastTransitionTime: timestamp(clock.now()),
    reason: '',
    message: 'Kubernetes Service CIDR is ready',
  };
  try {
    const status = { ...stored.status, conditions: [...conditions, ready] };
    await api.update({ ...stored, status }, signal, { subresource: 'status' });
  } catch (err) {
    // Another API server was faster.
    if (!is('Conflict', err)) throw err;
  }
}
