import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { Run } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import { newLeaderElectionMetrics, runWithLease } from '@kubephant/controller';
import { boolean, type ComponentContext } from './run-component';

export interface LeadershipOptions {
  readonly leaderElect: boolean;
  readonly leaderElectIdentity?: string;
}

/** Flags of a program of which several may run and one leads. */
export function leadershipFlags(command: Command): Command {
  return command
    .option('--leader-elect <bool>', 'whether one of several leads', boolean, true)
    .option(
      '--leader-elect-identity <name>',
      'name in the lease; give a fixed one only where something makes sure that never two run with it: then the successor of a killed process takes over at once',
    );
}

/** Runs `lead` while this process holds the lease `kube-system/NAME`, NAME being the program's; always, when nobody is to be elected. */
export async function runAsLeader(
  { leaderElect, leaderElectIdentity }: LeadershipOptions,
  { client, context: { name, log, metrics, clock } }: { readonly client: Client; readonly context: ComponentContext },
  lead: Run,
  signal: AbortSignal,
): Promise<void> {
  if (!leaderElect) {
    await lead(signal);
    return;
  }
  const lease = { namespace: 'kube-system', name };
  const identity = leaderElectIdentity ?? `${hostname()}_${crypto.randomUUID()}`;
  await runWithLease(
    { lease, identity },
    { client, log, clock, metrics: newLeaderElectionMetrics(metrics) },
    lead,
    signal,
  );
}
