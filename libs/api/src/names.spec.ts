import * as names from './names';

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const label1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const namePart =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const value =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const wildcard =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const prefixedForm = `a valid label key ${namePart} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;

const cases: readonly [string, names.NameRule, string, readonly string[]][] = [
  ['a subdomain may have dots', names.dns1123Subdomain, 'a.b-c.1', []],
  ['a subdomain is lower case', names.dns1123Subdomain, 'A', [subdomain]],
  ['a subdomain is not empty', names.dns1123Subdomain, '', [subdomain]],
  ['a subdomain has no empty part', names.dns1123Subdomain, 'a..b', [subdomain]],
  ['a subdomain ends before 254', names.dns1123Subdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
  ['a search domain may have underscores', names.dns1123SubdomainWithUnderscore, '_a_b._c', []],
  ['a label has no dots', names.dns1123Label, 'a.b', ['must not contain dots']],
  ['a label is lower case', names.dns1123Label, 'Bad_', [label]],
  ['a label ends before 64', names.dns1123Label, 'a'.repeat(64), ['must be no more than 63 characters']],
  ['an RFC 1035 label begins with a letter', names.dns1035Label, '1a', [label1035]],
  ['a wildcard has its star in front', names.wildcardDns1123Subdomain, 'a.*.b', [wildcard]],
  ['a wildcard is one star and a domain', names.wildcardDns1123Subdomain, '*.a.b', []],
  ['a key may have a prefix', names.qualifiedName, 'example.com/My.Name_1', []],
  ['a key has one slash at most', names.qualifiedName, 'a/b/c', [prefixedForm]],
  ['a key needs a name', names.qualifiedName, 'a/', ['name part must be non-empty', `name part ${namePart}`]],
  ['a key needs a prefix before its slash', names.qualifiedName, '/x', ['prefix part must be non-empty']],
  ['a prefix is a domain', names.qualifiedName, 'UP/x', [`prefix part ${subdomain}`]],
  [
    'a prefix is at most 253 bytes',
    names.qualifiedName,
    `${'a'.repeat(254)}/x`,
    ['prefix part must be no more than 253 bytes'],
  ],
  ['a name part is at most 63 bytes', names.qualifiedName, 'a'.repeat(64), ['name part must be no more than 63 bytes']],
  ['a label value may be empty', names.labelValue, '', []],
  ['a label value has no spaces', names.labelValue, 'a b', [value]],
  ['a label value is at most 63 bytes', names.labelValue, 'a'.repeat(64), ['must be no more than 63 bytes']],
  ['a path segment is not a dot', names.pathSegment, '..', ["may not be '..'"]],
  ['a path segment names every ban', names.pathSegment, 'a/%', ["may not contain '/'", "may not contain '%'"]],
  ['a path segment may be anything else', names.pathSegment, 'system:A b', []],
  ['a data key has no spaces', names.configMapKey, 'bad key', [configKey]],
  ['a data key does not climb', names.configMapKey, '..', ["must not be '..'"]],
  ['a data key does not start like climbing', names.configMapKey, '..a', ["must not start with '..'"]],
  [
    'an empty port name misses characters and a letter',
    names.portName,
    '',
    [
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'must contain at least one letter (a-z)',
    ],
  ],
  [
    'a port name has single hyphens inside',
    names.portName,
    '-a--b',
    ['must not contain consecutive hyphens', 'must not begin or end with a hyphen'],
  ],
  [
    'an environment variable has no equals sign',
    names.envVarName,
    'A=B',
    ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
  ],
  [
    'a percentage ends with its sign',
    names.percent,
    '5',
    [
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [
    'a webhook has a domain of three parts',
    names.fullyQualifiedName,
    'a.b',
    ['should be a domain with at least three segments separated by dots'],
  ],
  ['an annotation key may be upper case', names.annotationKey, 'Example.com/X', []],
  ['a field manager is printable', names.fieldManagerName, 'a\u0001', ['invalid character U+0001 (at position 1)']],
  ['a header has dashes only', names.httpHeaderName, 'X-A', []],
  ['a C identifier has underscores', names.cIdentifier, '_a1', []],
];

describe('names', () => {
  it.each(cases)('%s', (_, rule, text, errors) => {
    expect(rule(text)).toEqual(errors);
  });

  it('tells which part of a domain-prefixed path is wrong', () => {
    const message = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
    expect(names.domainPrefixedPath('a.b/c d')).toEqual([{ value: 'c d', message }]);
    expect(names.domainPrefixedPath('a.b/')).toEqual([
      { value: 'a.b/', message: 'must be a domain-prefixed path (such as "acme.io/foo")' },
    ]);
  });

  it('takes a trailing dash of a prefix for the beginning of more', () => {
    expect(['web-', 'web', '-'].map(names.maskTrailingDash)).toEqual(['wea', 'web', '-']);
  });

  it('stays linear on hostile names', () => {
    const hostile = `${'a-'.repeat(500_000)}!`;
    const begin = performance.now();
    for (const rule of [names.dns1123Subdomain, names.qualifiedName, names.labelValue, names.dns1035Label])
      expect(rule(hostile).length).toBeGreaterThan(0);
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});
