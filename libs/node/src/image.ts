import type { PodSandboxConfig } from './config';

export interface Image {
  /** The digest of the image's configuration. */
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  /** The user of the image's configuration; a name when it is not a number. */
  readonly uid?: number | undefined;
  readonly username?: string | undefined;
  /** Never to be collected: the sandbox image. */
  readonly pinned: boolean;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly serverAddress?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
}

export interface FilesystemUsage {
  readonly timestampMs: number;
  readonly mountpoint: string;
  readonly usedBytes: number;
  readonly inodesUsed: number;
}

/** CRI's ImageService; errors as in RuntimeService. */
export interface ImageService {
  /** Undefined: not here. */
  imageStatus(image: string, signal: AbortSignal): Promise<Image | undefined>;
  listImages(signal: AbortSignal): Promise<readonly Image[]>;
  /** Resolves to the reference under which containers are created from it. */
  pullImage(
    image: string,
    auth: RegistryAuth | undefined,
    sandbox: PodSandboxConfig | undefined,
    signal: AbortSignal,
  ): Promise<string>;
  removeImage(image: string, signal: AbortSignal): Promise<void>;
  imageFsInfo(signal: AbortSignal): Promise<readonly FilesystemUsage[]>;
}
