import type { Pod, Toleration } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import { isCore } from './refuse';

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const tolerationSeconds = 300;

/** Pods stay five minutes on a node that fails, unless they say otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: (info, operation) => isCore(info, 'pods') && (operation === 'CREATE' || operation === 'UPDATE'),
  async admit({ object }) {
    const { spec } = object as unknown as Pod;
    const given = spec.tolerations ?? [];
    const missing = keys.filter((key) => !given.some((toleration) => covers(toleration, key)));
    if (missing.length === 0) return;
    const added = missing.map((key): Toleration => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds,
    }));
    spec.tolerations = [...given, ...added];
  },
};

const covers = ({ key, effect }: Toleration, wanted: string): boolean =>
  (!key || key === wanted) && (!effect || effect === 'NoExecute');
