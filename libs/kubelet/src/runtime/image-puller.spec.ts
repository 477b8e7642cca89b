import { newMetrics } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import type { ImageService, PodSandboxConfig } from '@kubephant/node';
import { newKubeletMetrics } from '../metrics/kubelet-metrics';
import { containersOf } from '../pods/containers';
import { aPod } from '../testing/builders';
import { newImagePuller, type ImagePuller, type PulledImage } from './image-puller';

/** Pulls of an image that end when the test says so. */
function newSlowImages(): { images: ImageService; started: () => number; finish: () => void } {
  const gate = Promise.withResolvers<undefined>();
  let started = 0;
  const images = {
    imageStatus: async () => undefined,
    pullImage: async (image: string) => {
      started++;
      await gate.promise;
      return image;
    },
  };
  return { images: images as object as ImageService, started: () => started, finish: () => gate.resolve(undefined) };
}

describe('pulls of one image', () => {
  const clock = newFakeClock();
  let slow: ReturnType<typeof newSlowImages>;
  let puller: ImagePuller;
  beforeEach(() => {
    slow = newSlowImages();
    const recorder = { event: () => undefined, run: async () => undefined };
    const metrics = newKubeletMetrics(newMetrics(), newMetrics());
    puller = newImagePuller({ images: slow.images, clock, recorder, metrics });
  });

  const ensure = (uid: string, signal = new AbortController().signal): Promise<PulledImage> => {
    const pod = aPod();
    const [container] = containersOf(pod);
    if (!container) throw new Error('no container');
    const request = { container, sandbox: {} as PodSandboxConfig, credentials: async () => [] };
    return puller.ensure({ ...request, pod: { ...pod, metadata: { ...pod.metadata, uid } } }, signal);
  };

  it('wait for each other, and count as time that the pod waited', async () => {
    const [first, second] = [ensure('u1'), ensure('u2')];
    await clock.advance(3000);
    expect(slow.started()).toBe(1);
    slow.finish();
    expect([(await first).ref, (await second).ref]).toEqual(['busybox', 'busybox']);
    expect(slow.started()).toBe(2);
    expect([puller.pullingMs('u1'), puller.pullingMs('u2'), puller.pullingMs('u3')]).toEqual([3000, 3000, 0]);
    puller.forget('u1');
    expect(puller.pullingMs('u1')).toBe(0);
  });

  it('do not hold up a pod that is deleted while it waits its turn, nor begin for it', async () => {
    const first = ensure('u1');
    const gone = new AbortController();
    const second = ensure('u2', gone.signal);
    await clock.advance(0);
    gone.abort();
    await expect(second).rejects.toThrow('aborted');
    slow.finish();
    await first;
    await clock.advance(0);
    expect(slow.started()).toBe(1);
  });
});
