import { is, Quantity } from '@kubephant/api';
import { QuantityValue } from '../library/quantities';
import { readSemver } from '../library/semvers';
import { EntryMap } from './collections';
import { type CelMap, Failure, type Value } from './value';

/** One attribute of a device of resource.k8s.io/v1; exactly one field is set. */
export interface DeviceAttribute {
  readonly int?: number | bigint;
  readonly bool?: boolean;
  readonly string?: string;
  readonly version?: string;
}

/** What selectors see of a device. Names are `domain/id`; without a domain, the driver's is meant. */
export interface Device {
  readonly driver: string;
  readonly allowMultipleAllocations?: boolean;
  readonly attributes?: Readonly<Record<string, DeviceAttribute>>;
  readonly capacity?: Readonly<Record<string, { readonly value: string | number }>>;
}

function attributeValue({ int, bool, string, version }: DeviceAttribute): Value {
  if (int !== undefined) return BigInt(int);
  if (version !== undefined) return readSemver(version);
  return bool ?? string ?? new Failure('unsupported attribute value');
}

function quantityValue({ value }: { readonly value: string | number }): Value {
  try {
    return new QuantityValue(Quantity.parse(value));
  } catch (error) {
    if (is('BadRequest', error)) return new Failure((error as Error).message);
    throw error;
  }
}

/** Values by domain and id. Domains that the device does not have are empty, so that selectors need not ask first. */
class Domains implements CelMap {
  readonly tag = 'map';
  readonly #domains = new Map<string, EntryMap>();

  constructor(driver: string, values: readonly (readonly [name: string, value: Value])[]) {
    for (const [name, value] of values) {
      const slash = name.indexOf('/');
      const domain = slash < 0 ? driver : name.slice(0, slash);
      const ids = this.#domains.get(domain) ?? new EntryMap();
      this.#domains.set(domain, ids);
      ids.insert(name.slice(slash + 1), value);
    }
  }

  get size(): number {
    return this.#domains.size;
  }

  get(key: Value): Value | undefined {
    return typeof key === 'string' ? (this.#domains.get(key) ?? new EntryMap()) : undefined;
  }

  has(key: Value): boolean {
    return typeof key === 'string' && this.#domains.has(key);
  }

  keys(): readonly Value[] {
    return [...this.#domains.keys()];
  }
}

/** `device` of selectors, of {@link deviceType}. */
export function deviceValue({
  driver,
  allowMultipleAllocations = false,
  attributes = {},
  capacity = {},
}: Device): Value {
  const device = new EntryMap();
  const named = Object.entries(attributes).map(([name, attribute]) => [name, attributeValue(attribute)] as const);
  const amounts = Object.entries(capacity).map(([name, amount]) => [name, quantityValue(amount)] as const);
  device.insert('driver', driver);
  device.insert('allowMultipleAllocations', allowMultipleAllocations);
  device.insert('attributes', new Domains(driver, named));
  device.insert('capacity', new Domains(driver, amounts));
  return device;
}
