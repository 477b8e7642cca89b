import { StatusError } from '@kubephant/api';
import { abortable } from '@kubephant/base';
import type { Image, PodSandboxConfig, RegistryAuth } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import type { PodContainer } from '../pods/containers';
import { goDuration, newRetryBackoff } from './backoff';
import { referenceError } from './image-reference';
import { recordContainerEvent, type PodDeps } from './pod-deps';
import { StartError } from './start-error';

export interface PullRequest {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly sandbox: PodSandboxConfig;
  credentials(): Promise<readonly RegistryAuth[]>;
}

export interface PulledImage {
  readonly ref: string;
  readonly image: Image | undefined;
}

/** Makes sure that a container's image is there, by its imagePullPolicy. Rejects with StartError. */
export interface ImagePuller {
  ensure(request: PullRequest, signal: AbortSignal): Promise<PulledImage>;
  /** How long the pod has waited for its images so far. */
  pullingMs(uid: string): number;
  forget(uid: string): void;
}

type Deps = Pick<PodDeps, 'images' | 'clock' | 'recorder' | 'metrics'>;

export function newImagePuller(deps: Deps): ImagePuller {
  const backoff = newRetryBackoff();
  const pullingMs = new Map<string, number>();
  const failures = new Map<string, { readonly atMs: number; readonly message: string }>();
  /** Pulls of one image wait for each other; those of different images do not. */
  const queues = new Map<string, Promise<unknown>>();

  const pull = async (request: PullRequest, image: string, signal: AbortSignal): Promise<PulledImage> => {
    const key = `${request.pod.metadata.uid}/${image}`;
    const failed = failures.get(key);
    const waitMs = failed ? backoff.remainingMs(key, failed.atMs, deps.clock.now()) : 0;
    if (failed && waitMs > 0) throw imageBackOff(deps, request, { image, waitMs, message: failed.message });
    const before = queues.get(image) ?? Promise.resolve();
    const mine = before.then(async () => {
      signal.throwIfAborted();
      return await pullNow(deps, request, image, signal);
    });
    const settled = mine.catch(() => undefined);
    const startedMs = deps.clock.now();
    queues.set(image, settled);
    try {
      // A pod that is given up does not wait for its turn.
      const pulled = await abortable(mine, signal);
      failures.delete(key);
      return pulled;
    } catch (err) {
      if (signal.aborted) throw err;
      const { message } = StatusError.from(err);
      const atMs = deps.clock.now();
      backoff.next(key, atMs);
      failures.set(key, { atMs, message });
      throw pullFailed(deps, request, image, message);
    } finally {
      if (queues.get(image) === settled) queues.delete(image);
      const { uid } = request.pod.metadata;
      pullingMs.set(uid, (pullingMs.get(uid) ?? 0) + deps.clock.now() - startedMs);
    }
  };

  return {
    pullingMs: (uid) => pullingMs.get(uid) ?? 0,
    forget(uid) {
      pullingMs.delete(uid);
      backoff.forget(`${uid}/`);
      for (const key of failures.keys()) if (key.startsWith(`${uid}/`)) failures.delete(key);
    },
    async ensure(request, signal) {
      const { spec } = request.container;
      const image = spec.image ?? '';
      const wrong = referenceError(image);
      if (wrong !== undefined) throw invalidName(deps, request, image, wrong);
      const policy = spec.imagePullPolicy ?? 'IfNotPresent';
      const present = policy === 'Always' ? undefined : await deps.images.imageStatus(image, signal);
      if (present) {
        const message = `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`;
        recordContainerEvent(deps, request.pod, request.container, { type: 'Normal', reason: 'Pulled', message });
        return { ref: present.id, image: present };
      }
      if (policy === 'Never') throw neverPulled(deps, request, image);
      return await pull(request, image, signal);
    },
  };
}

async function pullNow(deps: Deps, request: PullRequest, image: string, signal: AbortSignal): Promise<PulledImage> {
  const { pod, container, sandbox } = request;
  const quoted = JSON.stringify(image);
  recordContainerEvent(deps, pod, container, { type: 'Normal', reason: 'Pulling', message: `Pulling image ${quoted}` });
  const startedMs = deps.clock.now();
  const ref = await pullWithAny(deps, { image, sandbox, credentials: await request.credentials() }, signal);
  const found = await deps.images.imageStatus(ref, signal);
  const tookMs = deps.clock.now() - startedMs;
  const took = goDuration(tookMs);
  const size = found ? ` Image size: ${found.sizeBytes} bytes.` : '';
  const message = `Successfully pulled image ${quoted} in ${took} (${took} including waiting).${size}`;
  recordContainerEvent(deps, pod, container, { type: 'Normal', reason: 'Pulled', message });
  deps.metrics.imagePullSeconds.observe({ image_size_in_bytes: sizeBucket(found?.sizeBytes) }, tookMs / 1000);
  return { ref: found?.id ?? ref, image: found };
}

interface Pull {
  readonly image: string;
  readonly sandbox: PodSandboxConfig;
  readonly credentials: readonly RegistryAuth[];
}

/** Tries each credential in turn, or none at all; the last failure counts. */
async function pullWithAny(
  { images }: Deps,
  { image, sandbox, credentials }: Pull,
  signal: AbortSignal,
): Promise<string> {
  const [first, ...others] = credentials;
  try {
    return await images.pullImage(image, first, sandbox, signal);
  } catch (err) {
    if (others.length === 0 || signal.aborted) throw err;
    return await pullWithAny({ images } as Deps, { image, sandbox, credentials: others }, signal);
  }
}

const mebibyte = 2 ** 20;
const sizeSteps: readonly (readonly [number, string])[] = [
  [1, '0-1MB'],
  [10, '1MB-10MB'],
  [50, '10MB-50MB'],
  [100, '50MB-100MB'],
  [500, '100MB-500MB'],
  [1024, '500MB-1GB'],
  [5 * 1024, '1GB-5GB'],
  [10 * 1024, '5GB-10GB'],
  [20 * 1024, '10GB-20GB'],
  [30 * 1024, '20GB-30GB'],
  [40 * 1024, '30GB-40GB'],
  [60 * 1024, '40GB-60GB'],
  [100 * 1024, '60GB-100GB'],
];

function sizeBucket(sizeBytes: number | undefined): string {
  if (sizeBytes === undefined || sizeBytes === 0) return 'N/A';
  return sizeSteps.find(([limit]) => sizeBytes < limit * mebibyte)?.[1] ?? 'GT100GB';
}

function imageBackOff(
  deps: Deps,
  { pod, container }: PullRequest,
  failed: { image: string; waitMs: number; message: string },
): StartError {
  const message = `Back-off pulling image ${JSON.stringify(failed.image)}: ErrImagePull: ${failed.message}`;
  const shown = `Back-off pulling image ${JSON.stringify(failed.image)}`;
  recordContainerEvent(deps, pod, container, { type: 'Normal', reason: 'BackOff', message: shown });
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' });
  return new StartError('ImagePullBackOff', message, { retryAfterMs: failed.waitMs });
}

function pullFailed(deps: Deps, { pod, container }: PullRequest, image: string, message: string): StartError {
  const text = `Failed to pull image ${JSON.stringify(image)}: ${message}`;
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'Failed', message: text });
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' });
  return new StartError('ErrImagePull', message, { retryAfterMs: 0 });
}

function invalidName(deps: Deps, { pod, container }: PullRequest, image: string, why: string): StartError {
  const quoted = JSON.stringify(image);
  const message = `Failed to apply default image tag ${quoted}: couldn't parse image name ${quoted}: ${why}`;
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'InspectFailed', message });
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'Failed', message: 'Error: InvalidImageName' });
  return new StartError('InvalidImageName', message, { retryAfterMs: 10_000 });
}

function neverPulled(deps: Deps, { pod, container }: PullRequest, image: string): StartError {
  const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
  recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'ErrImageNeverPull', message });
  recordContainerEvent(deps, pod, container, {
    type: 'Warning',
    reason: 'Failed',
    message: 'Error: ErrImageNeverPull',
  });
  return new StartError('ErrImageNeverPull', message, { retryAfterMs: 10_000 });
}
