import { internalError, invalid, parseIP, type Cause, type KubeObject } from '@kubephant/api';
import { systemClock, type Clock } from '@kubephant/base';
import type { Service, ServicePort } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';
import type { Allocated, Allocation } from '../allocation';
import { Claims, ownerOf, type Owner } from './claims';
import { addressRange, portRange, type NumberRange } from './ranges';

export interface ServiceNumbers {
  /** `--service-cluster-ip-range`: one IPv4 network. */
  readonly clusterIPRange: string;
  /** `--service-node-port-range`. */
  readonly nodePorts?: { readonly first: number; readonly last: number };
}

/** One sort of numbers: those that there are, and those that are held. */
export interface Pool {
  readonly claims: Claims;
  readonly range: NumberRange;
}

export interface Pools {
  readonly addresses: Pool;
  readonly ports: Pool;
}

const addressKind = {
  resource: 'ipaddresses.networking.k8s.io',
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  labels: {
    'ipaddress.kubernetes.io/ip-family': 'IPv4',
    'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
  },
};

/** Node ports have no kind of their own upstream; these objects are the server's alone. */
const portKind = { resource: 'nodeports.internal', apiVersion: 'internal/v1', kind: 'NodePort' };

/** Resources that allocations are kept in, beside those of the table. */
export const allocationResources: readonly string[] = [addressKind.resource, portKind.resource];

export function newPools(store: Store, { clusterIPRange, nodePorts }: ServiceNumbers): Pools {
  return {
    addresses: { claims: new Claims(store, addressKind), range: addressRange(clusterIPRange) },
    ports: { claims: new Claims(store, portKind), range: portRange(nodePorts?.first, nodePorts?.last) },
  };
}

/** The numbers a service holds, by sort. */
export interface Held {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
}

export function heldBy(service: KubeObject | undefined): Held {
  const { spec } = (service ?? {}) as Partial<Service>;
  const nodePorts = (spec?.ports ?? []).map(({ nodePort }) => nodePort ?? 0);
  const ports = [...nodePorts, spec?.healthCheckNodePort ?? 0].filter((port) => port > 0).map(String);
  const { clusterIP = '' } = spec ?? {};
  const addresses = spec?.type === 'ExternalName' || clusterIP === 'None' || clusterIP === '' ? [] : [clusterIP];
  return { addresses: new Set(addresses), ports: new Set(ports) };
}

/** Cluster addresses and node ports of services. */
export function serviceAllocation(pools: Pools, clock: Clock = systemClock): Allocation {
  return {
    async check(obj, old, dryRun) {
      const tried = structuredClone(obj);
      await new Assignment(pools, tried, { old, dryRun, checking: true, now: new Date(clock.now()) }).run();
    },
    assign: (obj, old, dryRun) => new Assignment(pools, obj, { old, dryRun, now: new Date(clock.now()) }).run(),
    async release(obj) {
      await freeAll(pools, heldBy(obj), ownerOf(obj));
    },
  };
}

async function freeAll({ addresses, ports }: Pools, held: Held, owner: Owner): Promise<void> {
  for (const address of held.addresses) await addresses.claims.free(address, owner);
  for (const port of held.ports) await ports.claims.free(port, owner);
}

interface Circumstances {
  readonly old: KubeObject | undefined;
  readonly dryRun: boolean;
  /** Whether to look only at the numbers that are asked for, and to take none. */
  readonly checking?: true;
  readonly now: Date;
}

function isOfFamily(text: string, wanted: string | undefined): boolean {
  const address = parseIP(text);
  return address !== undefined && (wanted === undefined || wanted === (address.family === 4 ? 'IPv4' : 'IPv6'));
}

const withAddress: ReadonlySet<string> = new Set(['ClusterIP', 'NodePort', 'LoadBalancer']);

/** The numbers of one write of one service. */
class Assignment {
  readonly #pools: Pools;
  readonly #service: Service;
  readonly #owner: Owner;
  readonly #before: Held;
  /** The port for health checks may not change once given: validation refuses another. */
  readonly #isHealthChecked: boolean;
  readonly #dryRun: boolean;
  readonly #checking: boolean;
  readonly #now: Date;
  readonly #taken = { addresses: new Set<string>(), ports: new Set<string>() };

  constructor(pools: Pools, obj: KubeObject, { old, dryRun, checking, now }: Circumstances) {
    this.#pools = pools;
    this.#service = obj as unknown as Service;
    this.#owner = ownerOf(obj);
    this.#before = heldBy(old);
    this.#isHealthChecked = Boolean((old as Partial<Service> | undefined)?.spec?.healthCheckNodePort);
    this.#dryRun = dryRun;
    this.#checking = checking === true;
    this.#now = now;
  }

  async run(): Promise<Allocated> {
    const rollback = async (): Promise<void> => {
      if (!this.#dryRun && !this.#checking) await freeAll(this.#pools, this.#taken, this.#owner);
    };
    try {
      await this.#assignAddress();
      await this.#assignPorts();
      await this.#assignHealthCheckPort();
    } catch (err) {
      await rollback();
      throw err;
    }
    return { rollback, commit: () => this.#freeUnused() };
  }

  /** What the service held before and does not any more. */
  async #freeUnused(): Promise<void> {
    if (this.#dryRun) return;
    const after = heldBy(this.#service);
    const gone = {
      addresses: this.#before.addresses.difference(after.addresses),
      ports: this.#before.ports.difference(after.ports),
    };
    await freeAll(this.#pools, gone, this.#owner);
  }

  async #assignAddress(): Promise<void> {
    const { spec } = this.#service;
    const { clusterIP } = spec;
    // What was given once may not change, and what is no address, or none of the family, is no number: validation refuses.
    const isKept = this.#before.addresses.size > 0 || (clusterIP && !isOfFamily(clusterIP, spec.ipFamilies?.[0]));
    if (clusterIP === 'None' || isKept || !withAddress.has(spec.type ?? '')) return;
    if (!clusterIP) {
      const address = await this.#takeAny('addresses', 'failed to allocate a serviceIP: range is full');
      spec.clusterIP = address;
      spec.clusterIPs = [address];
    } else {
      const why = await this.#takeThis('addresses', clusterIP);
      if (why) throw this.#invalid('spec.clusterIPs', [clusterIP], `failed to allocate IP ${clusterIP}: ${why}`);
    }
  }

  /** Ports of one number get one node port, whatever their protocols. */
  async #assignPorts(): Promise<void> {
    const { spec } = this.#service;
    if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return;
    const onNodes = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
    const ports = spec.ports ?? [];
    const byPort = new Map<number, number>();
    for (const [index, port] of ports.entries()) {
      if (port.nodePort) await this.#takePort(`spec.ports[${index}].nodePort`, port.nodePort, byPort.get(port.port));
      else if (onNodes) port.nodePort = byPort.get(port.port) ?? (await this.#portFor(port, ports));
      if (port.nodePort) byPort.set(port.port, port.nodePort);
    }
  }

  /** What a later port of the same number asks for, or any. */
  async #portFor({ port }: ServicePort, ports: readonly ServicePort[]): Promise<number> {
    const asked = ports.find((other) => other.port === port && other.nodePort)?.nodePort;
    if (!asked) return this.#takeAnyPort();
    await this.#takePort('spec.ports.nodePort', asked, undefined);
    return asked;
  }

  async #assignHealthCheckPort(): Promise<void> {
    const { spec } = this.#service;
    if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local' || this.#isHealthChecked) return;
    if (spec.healthCheckNodePort) await this.#takePort('spec.healthCheckNodePort', spec.healthCheckNodePort, undefined);
    else spec.healthCheckNodePort = await this.#takeAnyPort();
  }

  async #takePort(field: string, port: number, shared: number | undefined): Promise<void> {
    if (port === shared) return;
    const why = await this.#takeThis('ports', String(port));
    if (why) throw this.#invalid(field, port, why);
  }

  async #takeAnyPort(): Promise<number> {
    return Number(await this.#takeAny('ports', 'failed to allocate a nodePort: range is full'));
  }

  /** Why a number that was asked for cannot be had; undefined: it is ours now, or was. */
  async #takeThis(sort: keyof Pools, number: string): Promise<string | undefined> {
    if (this.#before[sort].has(number)) return undefined;
    const held = `provided ${sort === 'ports' ? 'port' : 'IP'} is already allocated`;
    if (this.#taken[sort].has(number)) return held;
    const { claims, range } = this.#pools[sort];
    if (this.#dryRun) return this.#wouldTake(sort, number, held);
    const refusal = range.refusal(number);
    if (refusal !== undefined) return refusal;
    if (this.#checking) return this.#seemsFree(sort, number, held);
    if (!(await claims.take(number, this.#owner, this.#now))) return held;
    this.#taken[sort].add(number);
    return undefined;
  }

  /** A dry run answers as upstream's does: of addresses it asks for the range alone, of ports for the claim alone. */
  async #wouldTake(sort: keyof Pools, number: string, held: string): Promise<string | undefined> {
    const { range } = this.#pools[sort];
    if (sort === 'ports') return this.#seemsFree(sort, number, held);
    this.#taken[sort].add(number);
    return range.refusal(number);
  }

  async #seemsFree(sort: keyof Pools, number: string, held: string): Promise<string | undefined> {
    this.#taken[sort].add(number);
    return (await this.#pools[sort].claims.seemsHeld(number)) ? held : undefined;
  }

  async #takeAny(sort: keyof Pools, full: string): Promise<string> {
    if (this.#checking) return '';
    const { claims, range } = this.#pools[sort];
    for (const number of range.candidates()) {
      if (this.#taken[sort].has(number) || (await claims.seemsHeld(number))) continue;
      if (!this.#dryRun && !(await claims.take(number, this.#owner, this.#now))) continue;
      this.#taken[sort].add(number);
      return number;
    }
    throw internalError(full);
  }

  #invalid(field: string, value: unknown, why: string): Error {
    const cause: Cause = {
      reason: 'FieldValueInvalid',
      field,
      message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    };
    return invalid({ group: '', kind: 'Service' }, this.#owner.name, [cause]);
  }
}
