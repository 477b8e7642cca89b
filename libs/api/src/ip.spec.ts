import { canonicalCIDR, canonicalIP, cidr, cidrContains, formatIP, ipAddress, parseCIDR, parseIP } from './ip';

const notAnIP = ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
const notACIDR = ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];

describe('ip', () => {
  it.each([
    ['10.0.0.1', []],
    ['010.0.0.1', ['must not have leading 0s']],
    ['10.0.0', notAnIP],
    ['10.0.0.256', notAnIP],
    ['bad', notAnIP],
    ['', notAnIP],
    ['1.2.3.4/24', notAnIP],
    ['::1', []],
    ['fe80::1%eth0', notAnIP],
    ['::ffff:1.2.3.4', ['must not be an IPv4-mapped IPv6 address']],
    ['1:2:3:4:5:6:7:8:9', notAnIP],
    ['1::2::3', notAnIP],
    [':', notAnIP],
  ])('judges the address %s', (text, errors) => {
    expect(ipAddress(text)).toEqual(errors);
  });

  it.each([
    ['2001:DB8::1', ['must be in canonical form ("2001:db8::1")']],
    ['0:0::1', ['must be in canonical form ("::1")']],
    ['2001:0:0:1:0:0:0:1', ['must be in canonical form ("2001:0:0:1::1")']],
    ['10:0:0:3:4:5:6:7', ['must be in canonical form ("10::3:4:5:6:7")']],
    ['1:2:3:4:5:6:7:0', []],
    ['::', []],
  ])('wants the canonical form of %s', (text, errors) => {
    expect(canonicalIP(text)).toEqual(errors);
  });

  it.each([
    ['10.0.0.0/8', []],
    ['10.0.0.0', notACIDR],
    ['10.0.0.0/33', notACIDR],
    ['10.0.0.0/8 ', notACIDR],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['010.5.0.0/24', ['must not have leading 0s in IP or prefix length']],
    ['fd00::/64', []],
  ])('judges the network %s', (text, errors) => {
    expect(cidr(text)).toEqual(errors);
  });

  it('wants a network in canonical form where the field is new', () => {
    expect(canonicalCIDR('FD00::/64')).toEqual(['must be in canonical form ("fd00::/64")']);
  });

  it('knows what lies in a network', () => {
    const net = parseCIDR('10.1.0.0/16')!;
    expect(['10.1.255.255', '10.2.0.0', '::ffff:10.1.0.1'].map((ip) => cidrContains(net, parseIP(ip)!))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('prints what it read', () => {
    for (const ip of ['0.0.0.0', '255.255.255.255', '::', '1::', '::8', 'fe80::1:0:0:1'])
      expect(formatIP(parseIP(ip)!)).toBe(ip);
  });
});
