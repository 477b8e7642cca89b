import { isLoopback, leadsElsewhere } from './special-addresses';

describe('where addresses lead', () => {
  it.each(['10.1.2.3', '192.0.2.1', '2001:db8::1', '::ffff:10.1.2.3', '126.255.255.255', '128.0.0.1'])(
    '%s leads elsewhere',
    (text) => {
      expect([leadsElsewhere(text), isLoopback(text)]).toEqual([true, false]);
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    '%s leads to this machine',
    (text) => {
      expect([leadsElsewhere(text), isLoopback(text)]).toEqual([false, true]);
    },
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::127.0.0.1',
    'fe80::1',
    'ff02::1',
    '010.1.2.3',
    '0x7f000001',
    '2130706433',
    'localhost',
    'example.com',
    '10.1.2.3:80',
    'fe80::1%eth0',
    '',
  ])('%j is not gone to', (text) => {
    expect([leadsElsewhere(text), isLoopback(text)]).toEqual([false, false]);
  });
});
