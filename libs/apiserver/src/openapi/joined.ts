import type { OpenApi } from '@kubephant/schema';
import type { RemoteOpenApi } from '../aggregation/remote-openapi';

/** What this server describes, and what others do. */
export function joinedOpenApi(own: OpenApi, remote: RemoteOpenApi): OpenApi {
  let made: { readonly hashes: ReadonlyMap<string, string>; readonly index: Buffer } | undefined;
  return {
    ...own,
    index() {
      const hashes = remote.hashes();
      if (hashes.size === 0) return own.index();
      if (made?.hashes !== hashes) made = { hashes, index: joinedIndex(own.index(), hashes) };
      return made.index;
    },
    version2: async () => own.version2(await remote.version2()),
    version2Protobuf: async () => own.version2Protobuf(await remote.version2()),
    // Who answers for a group version also describes it.
    document: async (path) => (remote.hashes().has(path) ? remote.document(path) : own.document(path)),
  };
}

function joinedIndex(own: Buffer, hashes: ReadonlyMap<string, string>): Buffer {
  const { paths } = JSON.parse(own.toString()) as { readonly paths: Readonly<Record<string, object>> };
  const others = [...hashes].map(([path, hash]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
  const all = { ...paths, ...(Object.fromEntries(others) as typeof paths) };
  return Buffer.from(
    JSON.stringify({ paths: Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) }),
  );
}
