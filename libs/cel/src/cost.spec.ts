import { newEnvironment } from './environment';
import { authorizerType, newAuthorizer } from './library/authz';
import { compiled } from './testing';
import { opaque } from './types';

const environment = newEnvironment({ variables: { authorizer: opaque(authorizerType) }, mutation: true });
const authorizer = newAuthorizer(() => ({ allowed: true }));

/** What upstream's estimator and its meter say: the least, the most, and what it was. */
const figures: readonly (readonly [expression: string, least: number, most: number, cost: number])[] = [
  // making lists and going over them
  ['[5, 4, 3, 2, 1].sum()', 15, 15, 15],
  ['[uint(1), uint(2)].max()', 14, 14, 14],
  ['[1, 2, 3, 4, 5].indexOf(3)', 15, 15, 15],
  ["'01234567890123456789012345678901234567890123456789'.lastIndexOf('5')", 5, 5, 5],
  // reading URLs, addresses, quantities and versions
  ["url('https:://kubernetes.io/').getHost()", 4, 4, 4],
  ["url('https:://kubernetes.io/') == url('https:://kubernetes.io/')", 7, 9, 7],
  ["url('https:://kubernetes.io/') == url('http://x.b')", 5, 5, 5],
  ["ip('2001:db8:3333:4444:5555:6666:7777:8888').isLoopback()", 5, 5, 5],
  ["ip('192.168.0.1') == ip('192.168.0.1')", 5, 5, 5],
  ["ip.isCanonical('2001:db8:3333:4444:5555:6666:7777:8888')", 8, 8, 8],
  ["cidr('192.168.0.0/16').masked()", 3, 3, 3],
  ["cidr('192.168.0.0/16').containsCIDR(cidr('192.0.0.0/30'))", 7, 11, 7],
  ["cidr('192.168.0.0/16').containsCIDR('192.0.0.0/30')", 7, 11, 7],
  ["cidr('2001:db8::/32').containsIP('2001:db8::1')", 5, 8, 5],
  ['quantity("50k").add(20).sub(quantity("100k")).asInteger() > 0', 6, 6, 6],
  ['quantity("200M") == quantity("0.2G") && quantity("0.2G") == quantity("200M")', 3, 6, 6],
  ['semver("1234.56789012345.67890123456789")', 4, 4, 4],
  ['semver("1.0.0").isLessThan(semver("1.1.0"))', 3, 3, 3],
  // texts
  ["'ABCDEFGHIJ abcdefghij'.lowerAscii() == 'abcdefghij ABCDEFGHIJ'.lowerAscii()", 7, 9, 9],
  ["strings.quote('ABCDEFGHIJ abcdefghij') == strings.quote('ABCDEFGHIJ abcdefghij')", 7, 11, 9],
  ["'abc 123 def 123'.replace('123', '456', 1)", 3, 3, 3],
  ["'abc 123 def 123'.split(' ')", 3, 3, 3],
  ["'abc 123 def 123'.substring(5, 8)", 2, 2, 2],
  ["'abc 123 def 123'.findAll('123', 1)", 2, 2, 2],
  ["jsonpatch.escapeKey('abc/def~ abc/def~')", 2, 2, 2],
  // formats
  ['format.named("dns1123Subdomain").value().validate("my-name")', 34, 34, 17],
  ['format.named("dns1123Label").value().validate("my-name")', 34, 34, 10],
  ['format.named("dns1123Label").value() == format.named("dns1123Label").value()', 5, 11, 5],
  // sets
  ['sets.contains([], [])', 21, 21, 21],
  ['sets.contains([1, 2, 3, 4], [2, 3])', 29, 29, 29],
  ['sets.equivalent([1, 2], [2, 1])', 29, 29, 29],
  ['!sets.intersects([1], [2])', 23, 23, 23],
  // authorization
  [
    "authorizer.group('apps').resource('deployments').subresource('status').check('create').allowed()",
    350_005,
    350_005,
    350_005,
  ],
  [
    "authorizer.group('').resource('pods').fieldSelector('spec.nodeName=example-node-name.fully.qualified.domain.name.example.com')",
    1821,
    1821,
    1821,
  ],
  // macros of two variables
  ["{'a': 1, 'b': 2}.all(k, v, v > 0)", 37, 41, 41],
  ["{'a': 1, 'b': 2}.exists(k, v, v > 0)", 39, 43, 40],
  ["{'a': 1, 'b': 2}.existsOne(k, v, v > 0)", 38, 40, 40],
  ["{'a': 1, 'b': 2}.transformMap(k, v, v < 5, v + 1)", 67, 75, 75],
  ["{'a': 1, 'b': 2}.transformMapEntry(k, v, {k: v + 1})", 131, 131, 131],
  ['[1, 2].transformList(i, v, v < 5, v + 1)', 27, 53, 53],
];

it.each(figures)('%s costs between %d and %d, and %d', (expression, min, max, cost) => {
  const program = compiled(environment, expression);
  expect({ ...program.cost, cost: program.evaluate({ authorizer }).cost }).toEqual({ min, max, cost });
});
