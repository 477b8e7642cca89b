import type { KubeObject } from '@kubephant/api';

/** The answer to a POST that acted on an object and made none. */
export const success = (): KubeObject =>
  ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }) as unknown as KubeObject;
