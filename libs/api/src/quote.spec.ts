import { quote, quoteJson } from './quote';

describe('a text in a message', () => {
  it.each([
    ['plain é 😀 <&>', '"plain é 😀 <&>"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['\x00\x07\b\t\n\v\f\r\x1b\x7f', '"\\x00\\a\\b\\t\\n\\v\\f\\r\\x1b\\x7f"'],
    ['\u00a0\u200b\u2028\ufeff', '"\\u00a0\\u200b\\u2028\\ufeff"'],
    ['\u{e0001}', '"\\U000e0001"'],
    ['\ud800', '"\ufffd"'],
  ])('%j is quoted as %s', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });

  it('in JSON could stand in HTML', () => {
    expect(quoteJson({ a: '<b>&\u2028' })).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2028"}');
  });
});
