import { planOf, withPort, withStreams } from './stream-dialer';

const url = 'http://127.0.0.1:1/exec/token';

describe('a session', () => {
  it('says in its URL which streams it has', () => {
    expect(withStreams(url, { stdin: true, stdout: true, stderr: true, tty: false })).toBe(
      `${url}#error,stdin,stdout,stderr`,
    );
    expect(withStreams(url, { stdin: false, stdout: true, stderr: false, tty: true })).toBe(
      `${url}#error,stdout,resize`,
    );
  });

  it('of a command has a stream for each of them', () => {
    expect(planOf(`${url}#error,stdin,stdout`)).toMatchObject({
      url: new URL(url),
      protocol: 'v4.channel.k8s.io',
      streams: [
        { channel: 3, reads: true, writes: false, headers: { streamtype: 'error' } },
        { channel: 0, reads: false, writes: true, headers: { streamtype: 'stdin' } },
        { channel: 1, reads: true, writes: false, headers: { streamtype: 'stdout' } },
      ],
    });
  });

  it('to a port has one for its errors and one for its data', () => {
    expect(planOf(withPort(url, 81))).toMatchObject({
      protocol: 'portforward.k8s.io',
      streams: [
        { channel: 1, reads: true, writes: false, headers: { streamtype: 'error', port: '81' } },
        { channel: 0, reads: true, writes: true, headers: { streamtype: 'data', port: '81' } },
      ],
    });
  });
});
