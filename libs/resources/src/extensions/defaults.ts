import type { CustomResourceDefinition } from '@kubephant/schema';

const httpsPort = 443;

/** What upstream fills in: names that follow from the kind, no conversion, a webhook's port, what objects are stored as. */
export function setDefaults(crd: CustomResourceDefinition): void {
  const { spec } = crd;
  const { names } = spec;
  if (!names.singular && names.kind) names.singular = names.kind.toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= httpsPort;
  setStoredVersion(crd);
}

function setStoredVersion(crd: CustomResourceDefinition): void {
  const { spec, status } = crd;
  const stored = (spec.versions as typeof spec.versions | null)?.find(({ storage }) => storage);
  if (stored && !status?.storedVersions?.length) crd.status = { ...status, storedVersions: [stored.name] };
}
