import type { CustomResourceDefinition } from '@kubephant/schema';

const httpsPort = 443;

/** What upstream fills in: the names that follow from the kind, no conversion, the port of a webhook. */
export function setDefaults({ spec }: CustomResourceDefinition): void {
  const { names } = spec;
  if (!names.singular && names.kind) names.singular = names.kind.toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= httpsPort;
}
