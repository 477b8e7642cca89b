import { dynamic } from './testing';

const run = dynamic({ text: 'Hello, World' });

/** Each is an expression that holds, one function after the other. */
const truths: readonly string[] = [
  // texts
  'object.text.contains("lo, W") && object.text.startsWith("Hell") && object.text.endsWith("ld")',
  '"añb".charAt(1) == "ñ" && "a".charAt(1) == ""',
  '"banana".indexOf("na") == 2 && "banana".indexOf("na", 3) == 4 && "banana".lastIndexOf("na") == 4',
  '"banana".lastIndexOf("na", 3) == 2 && "x".indexOf("y") == -1 && "😀x".indexOf("x") == 1',
  '["a", "b"].join() == "ab" && ["a", "b"].join("-") == "a-b" && [].join("-") == ""',
  '"AbÉ".lowerAscii() == "abÉ" && "abé".upperAscii() == "ABé"',
  '"aXaXa".replace("X", "-") == "a-a-a" && "aXaXa".replace("X", "-", 1) == "a-aXa" && "ab".replace("", "_") == "_a_b_"',
  '"a,b,c".split(",") == ["a", "b", "c"] && "a,b,c".split(",", 2) == ["a", "b,c"] && "ab".split("") == ["a", "b"]',
  '"a,b".split(",", 0) == [] && "a,b".split(",", -1) == ["a", "b"]',
  '"tacocat".substring(4) == "cat" && "tacocat".substring(0, 4) == "taco"',
  '"  \\t x \\n".trim() == "x"',
  'strings.quote("a\\"b\\n") == "\\"a\\\\\\"b\\\\n\\""',
  '"%s-%d-%.2f-%x-%X-%o-%b-%%".format([dyn("a"), dyn(7), dyn(1234.5), dyn(255), dyn("k"), dyn(8), dyn(5)]) == "a-7-1,234.50-ff-6B-10-101-%"',
  '"%s".format([["a", "b"]]) == "[\\"a\\", \\"b\\"]" && "%s %s".format([{"b": 1, "a": 2}, {"c": 3}]) == "{\\"a\\":2, \\"b\\":1} {\\"c\\":3}"',
  '"%e".format([1052.032911275]) == "1.052033\u202f×\u202f10⁰³"',
  // regular expressions
  '"abc123".matches("^[a-z]+[0-9]+$") && matches("x", "x") && !"x".matches("y")',
  '"abc 123 45".find("[0-9]+") == "123" && "abc".find("[0-9]+") == ""',
  '"123 abc 456".findAll("[0-9]+") == ["123", "456"] && "1 2 3".findAll("[0-9]", 2) == ["1", "2"]',
  // lists
  '[1, 2, 3].isSorted() && !["b", "a"].isSorted() && [].isSorted()',
  '[1, 2, 3].sum() == 6 && [1.5, 2.5].sum() == 4.0 && [1u].sum() == 1u && [].sum() == 0 || true',
  '[duration("1m"), duration("1s")].sum() == duration("61s")',
  '[3, 1, 2].min() == 1 && ["a", "c"].max() == "c" && [timestamp(2), timestamp(1)].min() == timestamp(1)',
  '[1, 2, 2, 3].indexOf(2) == 1 && [1, 2, 2, 3].lastIndexOf(2) == 2 && [1].indexOf(9) == -1',
  '[1, 2, 3, 4].slice(1, 3) == [2, 3] && [1, [2, [3]]].map(x, x) != []'.replace('[1, [2, [3]]]', '[[1], [2]]'),
  '[[1], [2, 3]].flatten() == [1, 2, 3] && [[[1]], [[2]]].flatten(2) == [1, 2]',
  'lists.range(3) == [0, 1, 2] && [1, 2].reverse() == [2, 1] && [1, 2, 1].distinct() == [1, 2]',
  '[3, 1, 2].sort() == [1, 2, 3] && ["bb", "a"].sortBy(x, size(x)) == ["a", "bb"]',
  // sets
  'sets.contains([1, 2, 3], [3, 1]) && !sets.contains([1], [2]) && sets.contains([], [])',
  'sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1, 2], [2, 3]) && !sets.intersects([], [1])',
  // urls
  'isURL("https://a.b/c") && isURL("mailto:a@b") && isURL("/path") && !isURL("a/b") && !isURL("") && !isURL("https://a b/")',
  'url("https://u@example.com:80/a%20b?x=1").getHost() == "example.com:80"',
  'url("https://[::1]:80/").getHostname() == "::1" && url("https://[::1]:80/").getPort() == "80"',
  'url("HTTPS://example.com/a b").getScheme() == "https" && url("https://e.com/a b").getEscapedPath() == "/a%20b"',
  'url("https://e.com/?k=1&k=2&z=a+b").getQuery() == {"k": ["1", "2"], "z": ["a b"]}',
  'url("https://a/b") == url("https://a/b") && url("/x").getScheme() == ""',
  // addresses
  'isIP("10.0.0.1") && isIP("::1") && !isIP("10.0.0.01") && !isIP("::ffff:1.2.3.4") && !isIP("1.2.3")',
  'ip("10.0.0.1").family() == 4 && ip("::1").family() == 6 && ip("127.0.0.1").isLoopback() && ip("::").isUnspecified()',
  'ip("169.254.0.1").isLinkLocalUnicast() && ip("ff02::1").isLinkLocalMulticast() && ip("8.8.8.8").isGlobalUnicast()',
  'ip.isCanonical("2001:db8::abcd") && !ip.isCanonical("2001:DB8::ABCD") && string(ip("2001:DB8::0")) == "2001:db8::"',
  'ip("2001:db8::1") == ip("2001:DB8::0:1") && type(ip("1.1.1.1")) == net.IP',
  'isCIDR("10.0.0.0/8") && !isCIDR("10.0.0.0/33") && cidr("10.0.0.0/8").containsIP("10.1.1.1")',
  'cidr("10.0.0.0/8").containsIP(ip("10.2.2.2")) && !cidr("10.0.0.0/8").containsIP("11.0.0.0")',
  'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && !cidr("10.1.0.0/16").containsCIDR(cidr("10.0.0.0/8"))',
  'cidr("192.168.0.1/24").masked() == cidr("192.168.0.0/24") && cidr("192.168.0.1/24").ip() == ip("192.168.0.1")',
  'cidr("10.0.0.0/8").prefixLength() == 8 && string(cidr("::1/128")) == "::1/128"',
  // quantities
  'isQuantity("1.5Gi") && !isQuantity("1.5X") && !isQuantity(" 1") && quantity("1Ki") == quantity("1024")',
  'quantity("1Gi").isGreaterThan(quantity("1Mi")) && quantity("100m").isLessThan(quantity("1"))',
  'quantity("1").compareTo(quantity("1000m")) == 0 && quantity("2").compareTo(quantity("1")) == 1',
  'quantity("1Gi").add(quantity("1Gi")) == quantity("2Gi") && quantity("5").sub(3) == quantity("2")',
  'quantity("50k").asInteger() == 50000 && !quantity("1.5").isInteger() && quantity("1500m").asApproximateFloat() == 1.5',
  'quantity("-5").sign() == -1 && quantity("0").sign() == 0',
  // formats
  '!format.dns1123Label().validate("my-label").hasValue() && format.dns1123Label().validate("A").hasValue()',
  'format.named("dns1123Subdomain").value().validate("a.b") == optional.none() && !format.named("nope").hasValue()',
  'format.dns1123LabelPrefix().validate("prefix-") == optional.none() && format.labelValue().validate("a b").hasValue()',
  'format.uuid().validate("123e4567-e89b-12d3-a456-426614174000") == optional.none()',
  'format.byte().validate("aGVsbG8=") == optional.none() && format.date().validate("2021-02-30").value() == ["invalid date"]',
  'format.datetime().validate("2021-01-01T00:00:00Z") == optional.none() && format.uri().validate("x").hasValue()',
  'format.qualifiedName().validate("example.com/name") == optional.none() && format.dns1035Label().validate("1a").hasValue()',
  // versions
  'isSemver("1.2.3-alpha.1+b") && !isSemver("v1.0.0") && !isSemver("1.0") && isSemver("v1.0", true) && isSemver("01.02.03", true)',
  'semver("1.2.3").major() == 1 && semver("1.2.3").minor() == 2 && semver("1.2.3").patch() == 3',
  'semver("1.2.3").isLessThan(semver("1.10.0")) && semver("2.0.0").isGreaterThan(semver("2.0.0-rc.1"))',
  'semver("1.0.0").compareTo(semver("1.0.0")) == 0 && semver("v1", true) == semver("1.0.0")',
];

it.each(truths)('%s', (expression) => {
  expect(run(expression)).toBe('true');
});

const errors: readonly (readonly [expression: string, error: string])[] = [
  ['"abc".charAt(4)', 'index out of range: 4'],
  ['"abc".substring(2, 1)', 'invalid substring range. start: 2, end: 1'],
  ['"abc".substring(9)', 'index out of range: 9'],
  ['"%d".format([dyn("a")])', 'error during formatting: decimal clause can only be used on integers, was given string'],
  ['"%s %s".format(["a"])', 'index 1 out of range'],
  ['"%z".format(["a"])', 'could not parse formatting clause: unrecognized formatting clause "z"'],
  ['"a".matches(object.text + "[")', 'error parsing regexp: missing closing ]: `[`'],
  ['[].min()', 'min called on empty list'],
  ['[1, 2].slice(0, 3)', 'cannot slice(0, 3), list is length 2'],
  ['[[1]].flatten(-1)', 'level must be non-negative'],
  ['quantity("x")', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['quantity("1.5").asInteger()', 'cannot convert value to integer'],
  ['semver("1.0")', 'No Major.Minor.Patch elements found'],
];

it.each(errors)('%s fails: %s', (expression, error) => {
  expect(run(expression)).toBe(`error: ${error}`);
});
