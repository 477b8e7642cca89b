import { StatusError } from '@kubephant/api';
import type { Image, ImageService, RuntimeService, RuntimeVersion } from '@kubephant/node';
import type { NodeFacts } from './node-status';

/** What the node says of its runtime; never rejects because of the runtime. */
export type RuntimeSurvey = (
  signal: AbortSignal,
) => Promise<Pick<NodeFacts, 'runtimeVersion' | 'runtimeConditions' | 'images'>>;

/** While the runtime is away the node says so, and goes on with what it knew of version and images. */
export function newRuntimeSurvey(
  { runtime, images }: { readonly runtime: RuntimeService; readonly images: ImageService },
  known: RuntimeVersion,
): RuntimeSurvey {
  let version = known;
  let found: readonly Image[] = [];
  return async (signal) => {
    try {
      const [runtimeConditions, nowVersion, nowImages] = await Promise.all([
        runtime.status(signal),
        runtime.version(signal),
        images.listImages(signal),
      ]);
      version = nowVersion;
      found = nowImages;
      return { runtimeVersion: version, runtimeConditions, images: found };
    } catch (err) {
      if (signal.aborted) throw err;
      const { message } = StatusError.from(err);
      const down = { type: 'RuntimeReady', status: false, reason: 'ContainerRuntimeDown', message };
      const unknown = { type: 'NetworkReady', status: false, reason: 'ContainerRuntimeDown', message };
      return { runtimeVersion: version, runtimeConditions: [down, unknown], images: found };
    }
  };
}
