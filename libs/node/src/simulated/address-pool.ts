import { StatusError } from '@kubephant/api';

/** IPv4 addresses of one CIDR: not the network's, not the gateway's (the first), not the broadcast address. */
export interface AddressPool {
  /** Throws ServiceUnavailable when all are taken. */
  take(): string;
  giveBack(address: string): void;
}

export function newAddressPool(cidr: string): AddressPool {
  const [base = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const start = Math.floor(toNumber(base) / size) * size;
  const taken = new Set<number>();
  // Addresses are handed out in turn, so that one just given back is not reused at once.
  let next = 2;
  return {
    take() {
      for (let tried = 2; tried < size - 1; tried++) {
        const offset = next;
        next = next + 1 >= size - 1 ? 2 : next + 1;
        if (taken.has(offset)) continue;
        taken.add(offset);
        return toText(start + offset);
      }
      throw new StatusError('ServiceUnavailable', `no IP addresses available in range set: ${cidr}`);
    },
    giveBack(address) {
      taken.delete(toNumber(address) - start);
    },
  };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
