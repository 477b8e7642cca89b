import { scrub } from './scrub';
import { parseTranscript, renderTranscript } from './transcript';

const text = `# A scene.
$ create -f -
< kind: Pod
<
< x: y
  made

  twice
! Warning: so so

# Another one
$ get
! error: what?
? 1
$ version
`;

describe('a transcript', () => {
  it('is read', () => {
    const outcome = { code: 0, stdout: 'made\n\ntwice\n', stderr: 'Warning: so so\n' };
    expect(parseTranscript(text.replace('made\n\n', 'made\n  \n'))).toEqual([
      { title: 'A scene.', steps: [{ command: 'create -f -', input: 'kind: Pod\n\nx: y\n', outcome }] },
      {
        title: 'Another one',
        steps: [
          { command: 'get', input: '', outcome: { code: 1, stdout: '', stderr: 'error: what?\n' } },
          { command: 'version', input: '', outcome: { code: 0, stdout: '', stderr: '' } },
        ],
      },
    ]);
  });

  it('is written as it was read', () => {
    const written = renderTranscript(parseTranscript(text));
    expect(parseTranscript(written)).toEqual(parseTranscript(text));
    expect(renderTranscript(parseTranscript(written))).toBe(written);
  });
});

const now = new Date().toISOString();

describe('what differs from run to run', () => {
  it.each([
    ['an identifier', 'uid: 0b8a2c54-6f7d-4f0e-9d0e-5d8f6c1b2a3e', 'uid: <uid>'],
    ['a time of today', `creationTimestamp: "${now}"`, 'creationTimestamp: "<time>"'],
    ['a time that was given', 'renewTime: "2001-01-01T00:00:00Z"', 'renewTime: "2001-01-01T00:00:00Z"'],
    ['a version', '"resourceVersion":"42"', '"resourceVersion":"<rv>"'],
    ['a generated name', 'pod/web-7c9f8d6b5c-x2x4z', 'pod/web-<hash>-<random>'],
    ['a name that somebody chose', 'pod/web-front', 'pod/web-front'],
    ['an age in a table', 'NAME   AGE\na      17s\nbcde   3m', 'NAME   AGE\na      <age>\nbcde   <age>'],
    ['a duration elsewhere', 'timeout: 17s', 'timeout: 17s'],
    [
      'a column that is wider at times',
      'NAME   CLUSTER-IP       PORT(S)\na      10.106.200.211   80/TCP',
      'NAME   CLUSTER-IP   PORT(S)\na      <ip>         80/TCP',
    ],
    ['a port of nodes', '  nodePort: 31234', '  nodePort: <node port>'],
  ])('is replaced or not: %s', (_title, given, expected) => {
    expect(scrub(given)).toBe(expected);
  });
});
