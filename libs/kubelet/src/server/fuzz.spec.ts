import { mutateBytes, mutateText } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { parseResolvConf } from '../pods/dns';
import { errorBytes, fromBase64, toBase64, withChannel } from './channels';
import { parseLogLine } from './log-lines';

describe('files of the node', () => {
  fuzzSuite('log lines and resolv.conf', {
    seeds: [
      '2026-01-01T00:00:00.000000000Z stdout F hello world',
      '2026-01-01T00:00:00Z stderr P:tag part',
      'nameserver 10.0.0.1\nsearch a.b c.d\noptions ndots:5 edns0\n# remark',
    ],
    mutate: mutateText,
    take(text: string) {
      const line = parseLogLine(Buffer.from(text));
      if (line) expect(text).toContain(line.stream);
      parseResolvConf(text);
    },
    refuses: () => false,
  });
});

describe('channels of sessions', () => {
  const status = { kind: 'Status', status: 'Failure', reason: 'NonZeroExitCode', message: 'exit 3' };
  fuzzSuite('messages of runtimes and clients', {
    seeds: [
      withChannel(3, Buffer.from(JSON.stringify(status))),
      Buffer.from('1aGVsbG8='),
      withChannel(255, Buffer.of(0)),
    ],
    mutate: mutateBytes,
    take(bytes: Uint8Array) {
      const message = Buffer.from(bytes);
      const decoded = fromBase64(message);
      if ((decoded[0] ?? 0) < 10) expect(fromBase64(toBase64(decoded))).toEqual(decoded);
      // Whatever a runtime says a session ended with is told to the client, as a text if it must be.
      for (const asStatus of [true, false])
        expect(Buffer.isBuffer(errorBytes(message.subarray(1), asStatus))).toBe(true);
      expect(errorBytes(Buffer.from('null'), false).toString()).toBe('null');
    },
    refuses: () => false,
  });
});
