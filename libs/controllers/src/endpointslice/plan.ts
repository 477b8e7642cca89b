import type { Endpoint, EndpointSlice } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import { portsKey, type AddressType, type Group } from './desired';

/** What a slice says: the part that is planned. */
export interface Content {
  readonly addressType: AddressType;
  readonly ports: Group['ports'];
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly Content[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly content: Content }[];
  readonly remove: readonly EndpointSlice[];
}

interface Planned {
  readonly slice: EndpointSlice;
  readonly kept: readonly Endpoint[];
  added: Endpoint[];
}

/**
 * The fewest writes that make `slices` say what `groups` want, with at most `max` endpoints each: what is right stays where
 * it is, slices that change anyway are filled first, then those with room for all the rest, then new ones. A slice that
 * is left with nothing goes, or is used for something else that would need a new one.
 */
export function planSlices(slices: readonly EndpointSlice[], groups: readonly Group[], max: number): SlicePlan {
  const unclaimed = new Set(slices);
  const create: Content[] = [];
  const update: { slice: EndpointSlice; content: Content }[] = [];
  for (const group of groups) {
    const own = slices.filter(
      (slice) => slice.addressType === group.addressType && portsKey(slice.ports ?? []) === portsKey(group.ports),
    );
    own.forEach((slice) => unclaimed.delete(slice));
    const planned = planGroup(own, group, max);
    create.push(...planned.create);
    update.push(...planned.update);
    planned.remove.forEach((slice) => unclaimed.add(slice));
  }
  const remove = [...unclaimed];
  const unplaced = create.filter((content) => {
    const at = remove.findIndex(({ addressType }) => addressType === content.addressType);
    const [slice] = at < 0 ? [] : remove.splice(at, 1);
    if (slice) update.push({ slice, content });
    return !slice;
  });
  return { create: unplaced, update, remove };
}

function planGroup(own: readonly EndpointSlice[], group: Group, max: number): SlicePlan {
  const missing = new Map(group.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const planned = own.map((slice): Planned => ({ slice, kept: keep(slice, missing), added: [] }));
  const room = ({ kept, added }: Planned): number => max - kept.length - added.length;
  const rest = [...missing.values()];
  const changing = planned.filter((plan) => plan.kept.length > 0 && isChanged(plan));
  for (const plan of changing) plan.added.push(...rest.splice(0, Math.max(0, room(plan))));
  // A slice that would be given up is better used than replaced.
  for (const plan of planned.filter(({ kept }) => kept.length === 0)) plan.added.push(...rest.splice(0, max));
  if (rest.length > 0 && rest.length < max) {
    const fitting = planned.filter((plan) => room(plan) >= rest.length).sort((a, b) => room(a) - room(b));
    fitting[0]?.added.push(...rest.splice(0));
  }
  const { addressType, ports } = group;
  const contentOf = (endpoints: readonly Endpoint[]): Content => ({ addressType, ports, endpoints });
  const create: Content[] = [];
  while (rest.length > 0) create.push(contentOf(rest.splice(0, max)));
  const isEmpty = ({ kept, added }: Planned): boolean => kept.length + added.length === 0;
  const keepsOne = group.endpoints.length === 0 ? planned[0] : undefined;
  if (group.endpoints.length === 0 && !keepsOne) create.push(contentOf([]));
  const remaining = planned.filter((plan) => !isEmpty(plan) || plan === keepsOne);
  return {
    create,
    update: remaining
      .filter(isChanged)
      .map(({ slice, kept, added }) => ({ slice, content: contentOf([...kept, ...added]) })),
    remove: planned.filter((plan) => isEmpty(plan) && plan !== keepsOne).map(({ slice }) => slice),
  };
}

/** The endpoints of a slice that are still wanted, as they are to be now; each is taken off `missing`. */
function keep(slice: EndpointSlice, missing: Map<string, Endpoint>): readonly Endpoint[] {
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const identity = identityOf(endpoint);
    const wanted = missing.get(identity);
    missing.delete(identity);
    return wanted ? [wanted] : [];
  });
}

const isChanged = ({ slice, kept, added }: Planned): boolean =>
  !isDeepStrictEqual(slice.endpoints ?? [], [...kept, ...added]);

/** The same pod at the same address is the same endpoint, whatever else changes. */
export const identityOf = ({ addresses, targetRef }: Endpoint): string => `${targetRef?.uid ?? ''} ${addresses.join()}`;
