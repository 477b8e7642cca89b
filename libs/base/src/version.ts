/** What /version, `kubernetes_build_info` and User-Agent say. The minor version is the Kubernetes API implemented. */
export const version = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.2+kubephant.0.1.0',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
} as const;
