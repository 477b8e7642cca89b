import type { ImageService, RuntimeService } from '@kubephant/node';
import { newChannel } from './channel';
import { newImageService } from './image-service';
import { newRuntimeService } from './runtime-service';

export interface CriClient extends Disposable {
  readonly runtime: RuntimeService;
  readonly images: ImageService;
}

/** Both CRI services at a unix socket. Connects on first use and again whenever the runtime comes back. */
export function newCriClient(endpoint: string): CriClient {
  const channel = newChannel(endpoint);
  return {
    runtime: newRuntimeService(channel),
    images: newImageService(channel),
    [Symbol.dispose]: () => channel.close(),
  };
}
