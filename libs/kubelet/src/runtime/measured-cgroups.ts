import type { HostCgroups } from '@kubephant/node';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';

/** The same control groups, with making and removing them timed. */
export function measuredCgroups(cgroups: HostCgroups, { cgroupSeconds }: KubeletMetrics): HostCgroups {
  const timed = async (operation: string, act: () => Promise<void>): Promise<void> => {
    const end = cgroupSeconds.startTimer({ operation_type: operation });
    try {
      await act();
    } finally {
      end();
    }
  };
  return {
    ...cgroups,
    ensure: (path, limits) => timed('create', () => cgroups.ensure(path, limits)),
    remove: (path) => timed('destroy', () => cgroups.remove(path)),
  };
}
