import { StatusError } from '@kubephant/api';
import { listQuery } from './list-options';

const messageOf = (run: () => unknown): string => {
  try {
    run();
    return 'ok';
  } catch (err) {
    if (!(err instanceof StatusError)) throw err;
    return `${err.code} ${err.message.replace('ListOptions.meta.k8s.io "" is invalid: ', '')}`;
  }
};

const needsRevision =
  'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided';
const noExactZero =
  'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
const unknownMatch =
  'resourceVersionMatch: Unsupported value: "garbage": supported values: "Exact", "NotOlderThan", ""';
const noInitial = 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list';
const noContinue = 'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided';

describe('the options of a list', () => {
  it.each([
    ['', 'ok'],
    ['resourceVersion=0', 'ok'],
    ['resourceVersion=0&resourceVersionMatch=NotOlderThan', 'ok'],
    ['resourceVersion=0&resourceVersionMatch=Exact', `422 ${noExactZero}`],
    ['resourceVersion=5&resourceVersionMatch=Exact', 'ok'],
    ['resourceVersion=5&resourceVersionMatch=garbage', `422 ${unknownMatch}`],
    ['resourceVersionMatch=Exact', `422 ${needsRevision}`],
    ['resourceVersionMatch=garbage', `422 [${needsRevision}, ${unknownMatch}]`],
    ['sendInitialEvents=false', `422 ${noInitial}`],
    ['resourceVersion=0&resourceVersionMatch=Exact&sendInitialEvents=1', `422 [${noExactZero}, ${noInitial}]`],
    ['continue=abc&resourceVersion=5&resourceVersionMatch=Exact', `422 ${noContinue}`],
    ['continue=abc&resourceVersionMatch=Exact', `422 [${needsRevision}, ${noContinue}]`],
    ['limit=abc', '400 strconv.ParseInt: parsing "abc": invalid syntax'],
    ['limit=99999999999999999999', '400 strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    ['limit=-1', 'ok'],
    ['limit=a&timeoutSeconds=b', '400 strconv.ParseInt: parsing "b": invalid syntax'],
    ['limit=a&labelSelector=%3D', '400 strconv.ParseInt: parsing "a": invalid syntax'],
    ['labelSelector=%3D&resourceVersionMatch=Exact', "400 found '=', expected: !, identifier, or 'end of string'"],
    ['timeoutSeconds=1.5', '400 strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['watch=abc&resourceVersionMatch=Exact&resourceVersion=1', 'ok'],
  ])('%s: %s', (query, answer) => {
    expect(messageOf(() => listQuery(new URLSearchParams(query), false))).toBe(answer);
  });
});

const needsInitial =
  'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
const needsMatch =
  'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
const onlyNotOlder = (value: string): string =>
  `resourceVersionMatch: Unsupported value: "${value}": supported values: "NotOlderThan"`;

describe('the options of a watch', () => {
  it.each([
    ['', 'ok'],
    ['resourceVersion=7', 'ok'],
    ['sendInitialEvents=true', `422 ${needsMatch}`],
    ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 'ok'],
    ['sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=7', 'ok'],
    ['sendInitialEvents=true&resourceVersionMatch=Exact', `422 [${needsMatch}, ${onlyNotOlder('Exact')}]`],
    ['resourceVersionMatch=NotOlderThan', `422 ${needsInitial}`],
    ['resourceVersionMatch=garbage', `422 [${needsInitial}, ${onlyNotOlder('garbage')}]`],
    ['continue=abc', `422 ${noContinue}`],
    ['continue=abc&resourceVersion=7', 'ok'],
    ['continue=abc&resourceVersion=7&sendInitialEvents=0&resourceVersionMatch=NotOlderThan', `422 ${noContinue}`],
    ['limit=1', 'ok'],
  ])('%s: %s', (query, answer) => {
    expect(messageOf(() => listQuery(new URLSearchParams(query), true))).toBe(answer);
  });
});
