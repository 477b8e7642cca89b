import { StatusError, type Status } from '@kubephant/api';
import { asAsked, listRevision, readRevision } from './revision';

const answerOf = (read: () => number | undefined): string | number | undefined => {
  try {
    return read();
  } catch (err) {
    if (!(err instanceof StatusError)) throw err;
    return `${err.code} ${err.message}`;
  }
};

describe('a revision', () => {
  it.each([
    ['', undefined],
    ['0', 0],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740991],
    ['18446744073709551615', 9007199254740991],
  ])('%p is read as %p', (text, revision) => {
    expect([readRevision(text), listRevision(text)]).toEqual([revision, revision]);
  });

  it.each([
    ['abc', 'invalid syntax'],
    ['-1', 'invalid syntax'],
    ['+1', 'invalid syntax'],
    ['1.5', 'invalid syntax'],
    [' 1', 'invalid syntax'],
    ['18446744073709551616', 'value out of range'],
    ['99999999999999999999999', 'value out of range'],
  ])('%p is a 400 for lists and a 500 for gets and watches', (text, why) => {
    const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": ${why}`;
    expect(answerOf(() => listRevision(text))).toBe(`400 invalid resource version: ${message}`);
    expect(answerOf(() => readRevision(text))).toBe(`500 ${message}`);
  });
});

describe('a failure of the store', () => {
  const tooLarge = (asked: string): Status =>
    new StatusError('Timeout', `Timeout: Too large resource version: ${asked}, current: 5`, { retryAfterSeconds: 1 })
      .status;

  it('names the revision that was asked for, however large', () => {
    const err = asAsked(StatusError.fromStatus(tooLarge('9007199254740991')), '18446744073709551615');
    expect(err).toMatchObject({ status: tooLarge('18446744073709551615') });
  });

  it.each([
    ['about an ordinary revision', StatusError.fromStatus(tooLarge('9')), '9'],
    ['of another kind', new Error('x'), '18446744073709551615'],
    ['without a revision', StatusError.fromStatus(tooLarge('9')), ''],
  ])('%s stays as it is', (_, err, text) => {
    expect(asAsked(err, text)).toBe(err);
  });
});
