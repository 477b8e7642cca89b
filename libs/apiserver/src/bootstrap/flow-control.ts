import { isDeepStrictEqual } from 'node:util';
import { is, type Draft, type KubeObject } from '@kubephant/api';
import type { Client, ResourceRef } from '@kubephant/client';
import { ensureAll } from './ensure';
import { bootstrapLevels, bootstrapSchemas } from './flow-control-objects';
import { flowSchemas, priorityLevelConfigurations } from './refs';

/** Says that the server, not the administrator, looks after the spec. */
const autoupdate = 'apf.kubernetes.io/autoupdate-spec';
/** Nobody may look after these but the server. */
const mandatory = new Set(['exempt', 'catch-all']);

interface Specified extends KubeObject {
  spec?: object;
}

/** Makes the flow schemas and priority levels every cluster has, and brings back specs that administrators have left to it. */
export async function ensureFlowControl(client: Client, signal: AbortSignal): Promise<void> {
  await Promise.all([
    reconcile(client, priorityLevelConfigurations, bootstrapLevels, signal),
    reconcile(client, flowSchemas, bootstrapSchemas, signal),
  ]);
}

async function reconcile<T extends Specified>(
  client: Client,
  ref: ResourceRef<T>,
  specs: ReadonlyMap<string, NonNullable<T['spec']>>,
  signal: AbortSignal,
): Promise<void> {
  const wanted = [...specs].map(
    ([name, spec]) =>
      ({
        apiVersion: `${ref.group}/${ref.version}`,
        kind: ref.kind,
        metadata: { name, annotations: { [autoupdate]: 'true' } },
        spec,
      }) as unknown as Draft<T>,
  );
  const there = await ensureAll(client, ref, wanted, signal);
  for (const [name, spec] of specs) {
    const stored = there.get(name);
    if (stored && isOurs(stored) && differs(stored, spec)) await replace(client, ref, { ...stored, spec }, signal);
  }
}

/** Who has changed an object, and not said whose it is, has made it theirs. */
function isOurs({ metadata: { name, annotations, generation } }: KubeObject): boolean {
  const says = annotations?.[autoupdate];
  return mandatory.has(name) || says === 'true' || (says === undefined && generation === 1);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const differs = (stored: Specified, spec: object): boolean => !isDeepStrictEqual(plain(stored.spec), plain(spec));

async function replace<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: T,
  signal: AbortSignal,
): Promise<void> {
  const annotations = { ...wanted.metadata.annotations, [autoupdate]: 'true' };
  try {
    await client.resource(ref).update({ ...wanted, metadata: { ...wanted.metadata, annotations } }, signal);
  } catch (err) {
    // Another API server was faster.
    if (!is('Conflict', err)) throw err;
  }
}
