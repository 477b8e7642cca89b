import { createHash } from 'node:crypto';
import { StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Image, ImageService } from '../image';

const sizeBytes = 5_000_000;

/** The name with registry, repository and tag spelled out, as containerd and docker read it. */
export function normalizedReference(image: string): string {
  const [first = ''] = image.split('/');
  const hasHost = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const full = hasHost ? image : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`;
  const name = full.slice(full.lastIndexOf('/') + 1);
  return /[:@]/.test(name) ? full : `${full}:latest`;
}

/**
 * Any image can be pulled, except below a registry whose name ends in `.invalid` (RFC 2606): those do not exist, so
 * pull failures can be tried out too.
 */
export function newSimulatedImages(clock: Clock): ImageService {
  const images = new Map<string, Image>();
  return {
    imageStatus: async (image) =>
      images.get(normalizedReference(image)) ?? [...images.values()].find(({ id }) => id === image),
    listImages: async () => [...images.values()],
    async pullImage(image) {
      const reference = normalizedReference(image);
      if (/^[^/]*\.invalid(:\d+)?\//.test(reference)) {
        throw new StatusError('InternalError', `failed to resolve reference "${reference}": no such host`);
      }
      const pulled = imageOf(reference);
      images.set(reference, pulled);
      return pulled.id;
    },
    removeImage: async (image) => {
      images.delete(normalizedReference(image));
    },
    imageFsInfo: async () => [
      { timestampMs: clock.now(), mountpoint: '/', usedBytes: images.size * sizeBytes, inodesUsed: images.size },
    ],
  };
}

function imageOf(reference: string): Image {
  const digest = `sha256:${createHash('sha256').update(reference).digest('hex')}`;
  const repository = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const repoTags = reference.includes('@') ? [] : [reference];
  return { id: digest, repoTags, repoDigests: [`${repository}@${digest}`], sizeBytes, uid: 0, pinned: false };
}
