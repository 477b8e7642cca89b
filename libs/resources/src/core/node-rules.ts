import { cidr, labelValue, parseCIDR, Quantity, qualifiedName } from '@kubephant/api';
import { parseJson, type Node, type Taint } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { taintEffects } from '../pod-spec/allowed';
import { isIntegerResource } from '../pod-spec/resource-names';
import { duplicate, forbidden, internalError, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, equal, follows, requiredOneOf, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';

/** `podCIDR` is the first of `podCIDRs`; where they differ, the older field wins. */
function alignCIDRs({ spec }: Node): void {
  if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
}

export function setNodeDefaults(node: Node): void {
  alignCIDRs(node);
  const { status } = node;
  if (status?.capacity && Object.keys(status.allocatable ?? {}).length === 0) {
    status.allocatable = { ...status.capacity };
  }
}

const taintDefinition = 'io.k8s.api.core.v1.Taint';

/** All reproaches of a value in one. */
const joined = (reproaches: readonly string[]): readonly string[] =>
  reproaches.length > 0 ? [reproaches.join(';')] : [];

function validateTaint({ key, value, effect }: Taint, path: Path): Causes {
  return [
    ...follows(key, path.child('key'), qualifiedName),
    ...joined(labelValue(value ?? '')).map((detail) => invalidValue(path.child('value'), value, detail)),
    ...requiredOneOf(effect, path.child('effect'), taintEffects),
  ];
}

/** Upstream reports taints under metadata, where they were an annotation once. */
function validateTaints(taints: readonly Taint[] | undefined): Causes {
  const seen = new Set<string>();
  return each(taints, at('metadata', 'taints'), (taint, path) => {
    const identity = `${taint.key}:${taint.effect}`;
    const isTaken = seen.has(identity);
    seen.add(identity);
    return [
      ...validateTaint(taint, path),
      ...when(isTaken, () =>
        duplicate(path, goForm(taintDefinition, taint), 'taints must be unique by key and effect pair'),
      ),
    ];
  });
}

const avoidPods = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

interface AvoidPods {
  readonly preferAvoidPods?: readonly {
    readonly podSignature?: { readonly podController?: { readonly controller?: boolean } };
  }[];
}

/** The pods that a node would rather not have, of an annotation that nothing reads any more. */
function validateAvoidPods({ metadata }: Node): Causes {
  const text = metadata.annotations?.[avoidPods];
  if (!text) return none;
  const path = at('metadata', 'annotations');
  let avoided: AvoidPods | null;
  try {
    avoided = parseJson(text).value as AvoidPods | null;
  } catch (err) {
    return [invalidValue(path.child('AvoidPods'), avoidPods, (err as Error).message)];
  }
  return each(avoided?.preferAvoidPods, path.child(avoidPods), ({ podSignature }, where) => {
    const signed = where.child('PodSignature');
    const controller = podSignature?.podController;
    if (!controller) return [required(signed)];
    const isController = controller.controller ?? false;
    const pointer = signed.child('PodController').child('Controller');
    return when(!isController, () => invalidValue(pointer, isController, 'must point to a controller'));
  });
}

const notDual = (index: number, text: string): string =>
  'invalid PodCIDRs. failed to check with dual stack with error:' +
  `invalid CIDR[${index}]: <nil> (invalid CIDR address: ${text})`;

function validateCIDRs(cidrs: readonly string[] | undefined): Causes {
  const path = at('spec', 'podCIDRs');
  const all = cidrs ?? [];
  const families = new Set(all.map((text) => parseCIDR(text)?.address.family));
  const unreadable = all.length > 1 ? all.findIndex((text) => !parseCIDR(text)) : -1;
  return [
    ...each(all, path, (text, where) => follows(text, where, cidr)),
    ...when(unreadable >= 0, () => internalError(path, notDual(unreadable, all[unreadable] ?? ''))),
    ...when(all.length > 2 || (all.length === 2 && (families.size === 1 || unreadable >= 0)), () =>
      invalidValue(path, all, 'may specify no more than one CIDR for each IP family'),
    ),
  ];
}

function validateAmount(name: string, text: string, path: Path): Causes {
  const amount = Quantity.parse(text);
  return [
    ...when(amount.sign < 0, () => invalidValue(path, amount, 'must be greater than or equal to 0')),
    ...when(isIntegerResource(name) && amount.milliValue() % 1000n !== 0n, () =>
      invalidValue(path, amount, 'must be an integer'),
    ),
  ];
}

const validateAmounts = (amounts: Readonly<Record<string, string>> | undefined, path: Path): Causes =>
  Object.entries(amounts ?? {}).flatMap(([name, text]) => validateAmount(name, text, path.child(name)));

const validateResources = ({ status }: Node): Causes => [
  ...validateAmounts(status?.capacity, at('status', 'capacity')),
  ...validateAmounts(status?.allocatable, at('status', 'allocatable')),
];

const validate = (node: Node): Causes => [
  ...validateAvoidPods(node),
  ...validateTaints(node.spec.taints),
  ...validateResources(node),
  ...validateCIDRs(node.spec.podCIDRs),
];

/** Addresses and provider are given once, by whoever comes first. */
function validateOnce({ spec }: Node, old: Node): Causes {
  const why = (field: string): string => `node updates may not change ${field} except from "" to valid`;
  const cidrsChanged = old.spec.podCIDRs?.length && !equal(spec.podCIDRs, old.spec.podCIDRs);
  const providerChanged = old.spec.providerID && spec.providerID !== old.spec.providerID;
  return [
    ...(cidrsChanged ? [forbidden(at('spec', 'podCIDRs'), why('podCIDR'))] : none),
    ...(providerChanged ? [forbidden(at('spec', 'providerID'), why('providerID'))] : none),
    ...when(!equal(spec.externalID || undefined, old.spec.externalID || undefined), () =>
      forbidden(at(''), 'node updates may only change labels, taints, or capacity'),
    ),
  ];
}

/** The removed dynamic kubelet configuration. */
function dropConfigSource({ spec }: Node): void {
  delete spec.configSource;
}

const externalIdWarning = 'spec.externalID: this field is deprecated, and is unused by Kubernetes';

export const nodeStrategy: Strategy<Node> = {
  prepareForCreate: dropConfigSource,
  prepareForUpdate: dropConfigSource,
  validate,
  // Taints are looked at twice, and found wrong twice.
  validateUpdate: (node, old) => [...validate(node), ...validateOnce(node, old), ...validateTaints(node.spec.taints)],
  warnings: ({ spec }) => (spec.externalID ? [externalIdWarning] : []),
};

export const validateNodeStatus = (node: Node): Causes => validateResources(node);
