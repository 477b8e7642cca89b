import type { ResourceDefinition } from '@kubephant/resources';
import { schemaOfKind, type OpenApiRow } from '@kubephant/schema';
import { apiVersionOf } from '@kubephant/api';
import type { DiscoveredResource } from '../discovery/resources';

/** What OpenAPI says of a resource: what discovery says, and the name of its definition. */
export function openApiRow(resource: DiscoveredResource, row?: ResourceDefinition): OpenApiRow {
  const { group, version, kind, plural, namespaced, verbs } = resource;
  const schema = row?.schema ?? schemaOfKind(apiVersionOf(group, version), kind)?.name;
  if (schema === undefined) throw new Error(`no definition of ${kind}`);
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    verbs,
    schema,
    ...(row?.deleteReturnsObject && { deleteReturnsObject: true }),
    subresources: Object.fromEntries(
      resource.subresources.map(({ name, ...subresource }) => [name, { group, version, ...subresource }]),
    ),
  };
}
