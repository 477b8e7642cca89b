import { referenceError } from './image-reference';

const digest = 'a'.repeat(64);

it.each([
  'busybox',
  'busybox:1.36',
  'library/busybox',
  'localhost/app',
  'localhost:5000/team/app:v1',
  'registry.k8s.io/pause:3.10',
  'UPPER/app',
  '[fd00::1]:5000/app',
  'a__b/c-d--e.f:Tag_1.0-x',
  `busybox@sha256:${digest}`,
  `busybox:1@sha256:${digest}`,
  `sha256:${digest}`,
])('%s is an image reference', (image) => {
  expect(referenceError(image)).toBeUndefined();
});

it.each([
  ['', 'invalid reference format'],
  ['busybox:', 'invalid reference format'],
  ['busybox:::x', 'invalid reference format'],
  ['a b', 'invalid reference format'],
  ['-app', 'invalid reference format'],
  ['busybox:-x', 'invalid reference format'],
  [`busybox:${'x'.repeat(129)}`, 'invalid reference format'],
  ['busybox@sha256:short', 'invalid reference format'],
  ['UPPER:::x', 'invalid reference format: repository name (library/UPPER) must be lowercase'],
  ['registry.k8s.io/Pause', 'invalid reference format: repository name (Pause) must be lowercase'],
  [digest, `invalid repository name (${digest}), cannot specify 64-byte hexadecimal strings`],
  ['a'.repeat(256), 'repository name must not be more than 255 characters'],
])('%s is none: %s', (image, why) => {
  expect(referenceError(image)).toBe(why);
});

it('judges long names quickly', () => {
  const startedMs = performance.now();
  for (const part of ['a', 'a-', 'a.', '-', 'a/', ':']) referenceError(`${part.repeat(100_000)}!`);
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
