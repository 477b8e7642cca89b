import { mutateText, type FuzzTarget } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { formatFieldSelector, parseFieldSelector } from './field-selector';
import { formatCIDR, formatIP, parseCIDR, parseIP } from './ip';
import { parseLabelSelector } from './label-selector';
import { dns1035Label, dns1123Subdomain, domainPrefixedPath, labelValue, qualifiedName } from './names';
import { canonicalQuantity, Quantity } from './quantity';
import { StatusError } from './status';

const text = (seeds: readonly string[], take: (input: string) => void): FuzzTarget<string> => ({
  seeds,
  mutate: mutateText,
  take,
  refuses: (err) => (err instanceof StatusError ? err.code < 500 : (err as Error).constructor === Error),
});

describe('text of clients', () => {
  fuzzSuite(
    'a quantity',
    text(['1', '100m', '1.5Gi', '-3e9', '12E', '0.000000001', '9223372036854775807', '1n', '.5', '1e-3'], (input) => {
      const once = canonicalQuantity(input);
      expect(canonicalQuantity(once)).toBe(once);
      expect(Quantity.parse(once).compare(Quantity.parse(once).add(Quantity.zero))).toBe(0);
    }),
  );

  fuzzSuite(
    'a label selector',
    text(['a=b', 'a==b,c!=d', 'x in (a,b),y notin (c)', '!z', 'example.com/a', 'n>3,m<4', 'a in ()'], (input) => {
      const selector = parseLabelSelector(input);
      const written = selector.toString();
      expect(parseLabelSelector(written).toString()).toBe(written);
      selector.matches({ a: 'b', x: 'a', n: '5' });
    }),
  );

  fuzzSuite(
    'a field selector',
    text(['metadata.name=a', 'a!=b,c=d', 'spec.x==a\\,b', 'a=\\=\\\\', ''], (input) => {
      const selector = parseFieldSelector(input);
      const again = parseFieldSelector(formatFieldSelector(selector));
      const requirements = (some: typeof selector) => some.map((one) => JSON.stringify(one)).sort();
      expect(requirements(again)).toEqual(requirements(selector));
    }),
  );

  fuzzSuite(
    'an address or a range',
    text(['10.0.0.1', '::1', '10.0.0.0/8', 'fd00::/64', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '010.1.1.1'], (input) => {
      const address = parseIP(input);
      if (address) expect(formatIP(parseIP(formatIP(address))!)).toBe(formatIP(address));
      const range = parseCIDR(input);
      if (range) expect(formatCIDR(parseCIDR(formatCIDR(range))!)).toBe(formatCIDR(range));
    }),
  );

  fuzzSuite(
    'a name',
    text(
      ['web-1', 'a.b.c', 'example.com/name', 'A_b.c', 'x'.repeat(63), 'a'.repeat(20_000), '-'.repeat(5000)],
      (input) => {
        for (const rule of [dns1035Label, dns1123Subdomain, domainPrefixedPath, labelValue, qualifiedName]) rule(input);
      },
    ),
  );
});
