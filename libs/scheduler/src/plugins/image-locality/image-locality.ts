import type { SchedulerPlugin } from '../../framework/interfaces';

const mb = 1024 * 1024;
const minBytes = 23 * mb;
const maxBytesPerContainer = 1000 * mb;

/** Prefers nodes that already have the pod's larger images. */
export const imageLocality: SchedulerPlugin = {
  name: 'ImageLocality',
  score(_state, { spec }, { node }) {
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    const present = (image: string | undefined): number => {
      const normal = normalized(image ?? '');
      return (
        node.status?.images?.find(({ names = [] }) =>
          names.some((name) => name === normal || name.endsWith(`/${normal}`)),
        )?.sizeBytes ?? 0
      );
    };
    const bytes = containers.reduce((sum, { image }) => sum + present(image), 0);
    const maxBytes = maxBytesPerContainer * containers.length;
    return Math.floor((100 * (Math.min(Math.max(bytes, minBytes), maxBytes) - minBytes)) / (maxBytes - minBytes));
  },
};

/** With the tag that an untagged image means. */
const normalized = (image: string): string => (/[:@][^/]*$/.test(image) ? image : `${image}:latest`);
