import { randomBytes } from 'node:crypto';
import { StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { PodSandboxConfig } from '../config';
import type { ContainerEvent, PodSandboxStatus, SandboxState } from '../runtime';
import { newAddressPool } from './address-pool';
import type { MemoryFiles } from './memory-files';
import type { MessageQueue } from './message-queue';
import type { SimulatedContainer } from './simulated-container';

export interface SimulatedRuntimeConfig {
  /** Until updateRuntimeConfig says otherwise. */
  readonly podCidr: string;
}

export interface Sandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly handler: string;
  readonly createdAtMs: number;
  readonly address: string | undefined;
  state: SandboxState;
}

const podUidLabel = 'io.kubernetes.pod.uid';
export const newId = (): string => randomBytes(32).toString('hex');
const notFound = (kind: string, id: string): StatusError =>
  new StatusError('NotFound', `an error occurred when try to find ${kind} ${JSON.stringify(id)}: not found`);

export function matches(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** All sandboxes and containers of one simulated runtime, by the keys they are looked up under. */
export class World {
  readonly clock: Clock;
  readonly files: MemoryFiles;
  readonly sandboxes = new Map<string, Sandbox>();
  /** A kubelet asks for the sandboxes of one pod, by label, all the time. */
  readonly #byPod = new Map<string, Set<Sandbox>>();
  readonly #containers = new Map<string, SimulatedContainer>();
  /** Containers by their sandbox, so that one pod's are found without a look at all. */
  readonly #bySandbox = new Map<string, Set<SimulatedContainer>>();
  readonly listeners = new Set<MessageQueue<ContainerEvent>>();
  #podCidr: string;
  pool: ReturnType<typeof newAddressPool>;

  constructor(deps: { readonly clock: Clock; readonly files: MemoryFiles }, config: SimulatedRuntimeConfig) {
    this.clock = deps.clock;
    this.files = deps.files;
    this.#podCidr = config.podCidr;
    this.pool = newAddressPool(config.podCidr);
  }

  setPodCidr(cidr: string): void {
    if (cidr === this.#podCidr || cidr === '') return;
    this.#podCidr = cidr;
    this.pool = newAddressPool(cidr);
  }

  sandbox(id: string): Sandbox {
    const found = this.sandboxes.get(id);
    if (!found) throw notFound('sandbox', id);
    return found;
  }

  findContainer(id: string): SimulatedContainer | undefined {
    return this.#containers.get(id);
  }

  container(id: string): SimulatedContainer {
    const found = this.#containers.get(id);
    if (!found) throw notFound('container', id);
    return found;
  }

  addSandbox(sandbox: Sandbox): void {
    this.sandboxes.set(sandbox.id, sandbox);
    const { uid } = sandbox.config.metadata;
    this.#byPod.set(uid, (this.#byPod.get(uid) ?? new Set()).add(sandbox));
  }

  removeSandbox(sandbox: Sandbox): void {
    this.sandboxes.delete(sandbox.id);
    const { uid } = sandbox.config.metadata;
    const siblings = this.#byPod.get(uid);
    siblings?.delete(sandbox);
    if (siblings?.size === 0) this.#byPod.delete(uid);
  }

  /** Sandboxes that may carry the labels: those of one pod when its uid is among them. */
  candidates(labels: Readonly<Record<string, string>> = {}): readonly Sandbox[] {
    const uid = labels[podUidLabel];
    return [...(uid === undefined ? this.sandboxes.values() : (this.#byPod.get(uid) ?? []))];
  }

  containers(sandboxId?: string): Iterable<SimulatedContainer> {
    return sandboxId === undefined ? this.#containers.values() : (this.#bySandbox.get(sandboxId) ?? []);
  }

  addContainer(container: SimulatedContainer): void {
    this.#containers.set(container.id, container);
    const siblings = this.#bySandbox.get(container.sandboxId) ?? new Set();
    this.#bySandbox.set(container.sandboxId, siblings.add(container));
    this.tell(container, 'CREATED');
  }

  removeContainer(id: string): void {
    const container = this.#containers.get(id);
    if (!container) return;
    container.kill();
    this.#containers.delete(id);
    this.#bySandbox.get(container.sandboxId)?.delete(container);
    this.tell(container, 'DELETED');
  }

  tell(container: SimulatedContainer, type: ContainerEvent['type']): void {
    const event = { containerId: container.id, podUid: container.sandbox.metadata.uid, type };
    for (const listener of this.listeners) listener.push(event);
  }

  addressOf(sandbox: Sandbox): readonly string[] {
    return sandbox.address === undefined || sandbox.state !== 'READY' ? [] : [sandbox.address];
  }
}

export function statusOf(world: World, sandbox: Sandbox): PodSandboxStatus {
  const { id, config, handler, createdAtMs, state } = sandbox;
  const { metadata, labels, annotations, linux } = config;
  const namespaces = linux.securityContext.namespaceOptions;
  const ips = world.addressOf(sandbox);
  return { id, metadata, labels, annotations, runtimeHandler: handler, createdAtMs, state, ips, namespaces };
}
