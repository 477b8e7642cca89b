import { requestMs } from './first-get';

describe("how long kubectl's requests took", () => {
  it.each([
    [
      'as its log said it up to 1.32',
      'I1 round_trippers.go:553] GET https://x/api?timeout=32s 200 OK in 12 milliseconds\n',
      [12],
    ],
    [
      'as its log says it since, for several',
      'I1 round_trippers.go:632] "Response" verb="GET" url="https://x/api" status="200 OK" milliseconds=3\n' +
        'I1 round_trippers.go:632] "Response" verb="GET" url="https://x/apis" status="200 OK" milliseconds=4\n',
      [3, 4],
    ],
    ['of a log without requests', 'I1 loader.go:373] Config loaded from file\n', []],
  ])('is read %s', (_, log, expected) => expect(requestMs(log)).toEqual(expected));
});
