import type { Service } from '@kubephant/schema';
import { isHeadless } from './service-type';

/** An IPv4 address with leading zeros, which some read as octal; undefined: another text. */
function withoutLeadingZeros(text: string): string | undefined {
  if (!/^\d{1,10}(\.\d{1,10}){3}$/.test(text)) return undefined;
  const plain = text.split('.').map(Number).join('.');
  return plain === text ? undefined : plain;
}

function addressWarning(field: string, text = ''): readonly string[] {
  const plain = withoutLeadingZeros(text);
  if (plain === undefined) return [];
  return [`${field}: non-standard IP address ${JSON.stringify(text)} is invalid: use ${JSON.stringify(plain)}`];
}

/** What makes no difference to a service without an address. */
const ignoredWhenHeadless = ({ spec }: Service): readonly (readonly [boolean, string])[] => [
  [Boolean(spec.loadBalancerIP), 'spec.loadBalancerIP is ignored for headless services'],
  [(spec.externalIPs ?? []).length > 0, 'spec.externalIPs is ignored for headless services'],
  [spec.sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'],
];

/** What is said of a service that is accepted all the same. */
export function serviceWarnings(service: Service): readonly string[] {
  const { spec } = service;
  const found: readonly (readonly [boolean, string])[] = [
    ...(isHeadless(service) ? ignoredWhenHeadless(service) : []),
    [
      (spec.externalIPs ?? []).length > 0 && !isHeadless(service),
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ],
    [
      Boolean(spec.externalName) && spec.type !== 'ExternalName',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
    [
      spec.trafficDistribution === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ];
  return [
    ...addressWarning('spec.loadBalancerIP', spec.loadBalancerIP),
    ...found.flatMap(([holds, text]) => (holds ? [text] : [])),
  ];
}
