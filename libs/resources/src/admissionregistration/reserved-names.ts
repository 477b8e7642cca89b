import type { KubeObject } from '@kubephant/api';

const suffix = '.static.k8s.io';

/** Names of objects that come from files on the server's disk, not from its API (KEP-5793). */
export const reservedNameWarnings = ({ metadata: { name } }: KubeObject): readonly string[] =>
  name.endsWith(suffix)
    ? [
        `metadata.name: names ending with "${suffix}" are reserved for static manifest-based configurations ` +
          'and cannot be managed via the API',
      ]
    : [];
