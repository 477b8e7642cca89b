import { newIncoming } from '@kubephant/serving/testing';
import { bearerOf, hasExtraSpace } from './bearer';
import { newStaticTokens, parseTokenFile } from './static-tokens';

const carrier = (token: string) => `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;

describe('bearerOf', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['Bearer abc def', 'abc'],
    ['Bearer ', undefined],
    ['Bearer  abc', undefined],
    ['Basic abc', undefined],
    ['abc', undefined],
  ])('%j carries %j', (authorization, token) => {
    expect(bearerOf(newIncoming({ path: '/', headers: { authorization } }))?.token).toBe(token);
  });

  it.each([
    [
      'a token beside a protocol',
      [carrier('abc'), 'base64.binary.k8s.io'],
      { token: 'abc', upgrade: ['base64.binary.k8s.io'] },
    ],
    ['a token alone', [carrier('abc')], undefined],
    ['two tokens', [carrier('a'), carrier('b'), 'x'], undefined],
    ['no token', ['x'], undefined],
  ])('from a browser’s WebSocket: %s', (_, upgrade, expected) => {
    expect(bearerOf(newIncoming({ path: '/', upgrade }))).toEqual(expected);
  });

  it.each([
    ['Bearer  abc', true],
    ['Bearer abc', false],
    ['Bearer ', false],
  ])('%j has a space too many: %s', (header, expected) => {
    expect(hasExtraSpace(header)).toBe(expected);
  });
});

describe('a token file', () => {
  it('has a token, a user, a uid and groups per line', async () => {
    const tokens = newStaticTokens(parseTokenFile('# comment\nt1,jane,7,"a,b"\nt2,"x ""y""",,\n\n'), ['api']);
    await expect(tokens.authenticate('t1')).resolves.toEqual({ name: 'jane', uid: '7', groups: ['a', 'b'] });
    await expect(tokens.authenticate('t2')).resolves.toEqual({ name: 'x "y"', uid: '', groups: [] });
    await expect(tokens.authenticate('t3')).resolves.toBeUndefined();
  });

  it('that cannot be read is refused without telling its secrets', () => {
    expect(() => parseTokenFile('t1,jane,7\nsecret\n')).toThrow(
      'token file, line 2: a token and a user name are needed',
    );
  });
});
