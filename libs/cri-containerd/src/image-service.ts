import type { ImageService } from '@kubephant/node';
import type { Channel } from './channel';
import * as from from './from-wire';
import * as to from './to-wire';
import type * as wire from './wire';

const usualMs = 120_000;

/** ImageService over a channel. A pull takes as long as it takes: abort it with the signal. */
export function newImageService(channel: Channel): ImageService {
  const invoke = async <T>(verb: string, request: object, signal: AbortSignal, deadlineMs = usualMs): Promise<T> =>
    (await channel.call({ service: 'ImageService', verb, request, deadlineMs }, signal)) as T;
  return {
    async imageStatus(image, signal) {
      const found = await invoke<{ image: wire.WireImage | null }>('ImageStatus', { image: { image } }, signal);
      return found.image ? from.image(found.image) : undefined;
    },
    async listImages(signal) {
      return (await invoke<{ images: wire.WireImage[] }>('ListImages', {}, signal)).images.map(from.image);
    },
    async pullImage(image, auth, sandbox, signal) {
      const request = { image: { image }, auth, sandboxConfig: sandbox && to.sandboxConfig(sandbox) };
      return (await invoke<{ imageRef: string }>('PullImage', request, signal, 0)).imageRef;
    },
    async removeImage(image, signal) {
      await invoke('RemoveImage', { image: { image } }, signal);
    },
    async imageFsInfo(signal) {
      const info = await invoke<{ imageFilesystems: wire.WireFilesystem[] }>('ImageFsInfo', {}, signal);
      return info.imageFilesystems.map(from.filesystemUsage);
    },
  };
}
