import { mutateText } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { parseResolvConf } from '../pods/dns';
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
