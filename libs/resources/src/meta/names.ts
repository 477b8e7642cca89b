import {
  canonicalIP,
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  maskTrailingDash,
  pathSegment,
  pathSegmentPrefix,
} from '@kubephant/api';
import type { NameRule } from '@kubephant/api';
import type { ResourceDefinition } from '../definition';

interface Rules {
  readonly name: NameRule;
  /** What `generateName` must follow: it is only the beginning of a name. */
  readonly prefix: NameRule;
}

const masked = (name: NameRule): Rules => ({ name, prefix: (value) => name(maskTrailingDash(value)) });

const rules: Readonly<Record<NonNullable<ResourceDefinition['nameRule']>, Rules>> = {
  dns1123Subdomain: masked((value) => dns1123Subdomain(value)),
  longName: masked((value) => dns1123Subdomain(value, 'bytes')),
  dns1123Label: masked(dns1123Label),
  dns1035Label: masked(dns1035Label),
  pathSegment: { name: pathSegment, prefix: pathSegmentPrefix },
  ipAddress: { name: canonicalIP, prefix: canonicalIP },
};

export const nameRules = ({ nameRule = 'dns1123Subdomain' }: Pick<ResourceDefinition, 'nameRule'>): Rules =>
  rules[nameRule];
