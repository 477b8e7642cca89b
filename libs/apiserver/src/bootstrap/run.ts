import type { Clock, Logger } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import { ensureAuthenticationConfig, type AuthenticationSources } from './authentication-config';
import { ensureFlowControl } from './flow-control';
import { bootstrapPolicy } from './policy/policy';
import { reconcilePolicy } from './reconcile';
import type { ServerLeases } from './server-leases';
import { ensureServiceCidr } from './service-cidr';
import {
  ensureKubernetesService,
  ensureNamespaces,
  ensurePriorityClasses,
  replaceKubernetesEndpoints,
  type ServerAddress,
} from './system-objects';

export interface BootstrapDependencies {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly leases: ServerLeases;
  readonly authentication: AuthenticationSources;
}

/** What a start has done so far; /readyz waits for all of it. */
export interface BootstrapProgress {
  readonly done: ReadonlySet<string>;
}

interface Step {
  /** As upstream names its post-start hook, which is the name of the health check. */
  readonly name: string;
  run(client: Client, signal: AbortSignal): Promise<void>;
}

export const bootstrapSteps = [
  'start-system-namespaces-controller',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'start-kubernetes-service-cidr-controller',
  'start-cluster-authentication-info-controller',
  'bootstrap-controller',
] as const;

/** What the aggregation adds to them. */
export const autoregistration = 'kube-apiserver-autoregistration';

const retryMs = 1000;
/** How often what was made at start is looked after. */
const upkeepMs = 10_000;

/** Makes everything a cluster starts with, then keeps it there, until the signal aborts. */
export async function runBootstrap(
  deps: BootstrapDependencies,
  address: ServerAddress,
  done: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const { namespaces, others, kubernetes } = stepsOf(deps, address, signal);
  // Most other things are in a namespace; beside that, none waits for another.
  await untilDone(namespaces, deps, done, signal);
  await Promise.all([...others, kubernetes].map((step) => untilDone(step, deps, done, signal)));
  while (!signal.aborted) {
    await deps.clock.sleep(upkeepMs, signal);
    for (const step of [namespaces, kubernetes]) await attempt(step, deps, signal);
  }
}

interface Steps {
  readonly namespaces: Step;
  readonly others: readonly Step[];
  readonly kubernetes: Step;
}

function stepsOf(
  { clock, leases, authentication }: BootstrapDependencies,
  address: ServerAddress,
  signal: AbortSignal,
): Steps {
  return {
    namespaces: { name: bootstrapSteps[0], run: ensureNamespaces },
    others: [
      { name: bootstrapSteps[1], run: (client) => reconcilePolicy(client, bootstrapPolicy(), signal) },
      { name: bootstrapSteps[2], run: ensurePriorityClasses },
      { name: bootstrapSteps[3], run: ensureFlowControl },
      { name: bootstrapSteps[4], run: (client) => ensureServiceCidr(client, address.serviceCidr, clock, signal) },
      { name: bootstrapSteps[5], run: (client) => ensureAuthenticationConfig(client, authentication, signal) },
    ],
    kubernetes: {
      name: bootstrapSteps[6],
      run: async (client) => {
        await ensureKubernetesService(client, address, signal);
        await replaceKubernetesEndpoints(client, await leases.renew(), signal);
      },
    },
  };
}

async function untilDone(
  step: Step,
  deps: BootstrapDependencies,
  done: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !(await attempt(step, deps, signal))) await deps.clock.sleep(retryMs, signal);
  if (!signal.aborted) done.add(step.name);
}

async function attempt(step: Step, { client, log }: BootstrapDependencies, signal: AbortSignal): Promise<boolean> {
  try {
    await step.run(client, signal);
    return true;
  } catch (err) {
    // The store may be away, or another server may be doing the same: the next round sees.
    const reason = err instanceof Error ? err.message : String(err);
    if (!signal.aborted) log.warn('bootstrap step failed, it will be tried again', { step: step.name, reason });
    return false;
  }
}
