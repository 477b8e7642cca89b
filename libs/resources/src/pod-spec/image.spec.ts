import { isLatest } from './image';

describe('isLatest', () => {
  it.each(['nginx', 'nginx:latest', 'example.com:5000/a/b', 'localhost/x', 'registry.k8s.io/pause:latest', 'a__b/c'])(
    'is so for %s',
    (image) => expect(isLatest(image)).toBe(true),
  );

  it.each([
    'nginx:1',
    'example.com:5000/a:v2',
    'nginx@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'http://x/y',
    'nginx:la test',
    ' a',
    '',
    'a'.repeat(5000),
  ])('is not so for %s', (image) => expect(isLatest(image)).toBe(false));
});
