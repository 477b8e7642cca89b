import { LinkRewriter } from './html-links';

const rewritten = (...pieces: readonly string[]): string => {
  const rewriter = new LinkRewriter((url) => (url.startsWith('/') ? `/p${url}` : url));
  return pieces.map((piece) => rewriter.push(piece)).join('') + rewriter.end();
};

describe('links in pages', () => {
  it.each([
    ['<a href="/x">/x</a>', '<a href="/p/x">/x</a>'],
    [`<A HREF='/x' title="/y">`, `<A HREF='/p/x' title="/y">`],
    ['<img alt=">" src=/x/y.png>', '<img alt=">" src=/p/x/y.png>'],
    [
      '<script src="/s.js">if (a<b) x = "<a href=/n>"</script><a href=/y>',
      '<script src="/p/s.js">if (a<b) x = "<a href=/n>"</script><a href=/p/y>',
    ],
    ['<!-- <a href="/x"> --><a href="/y">', '<!-- <a href="/x"> --><a href="/p/y">'],
    ['<form action = "/go"/><p href="/n">', '<form action = "/p/go"/><p href="/n">'],
    ['<a href="x"><a href=""><a href><a', '<a href="x"><a href=""><a href><a'],
    ['1 < 2 <3 </a> <!doctype html>', '1 < 2 <3 </a> <!doctype html>'],
    [`it's <b>"so"</b> <a href="/x">`, `it's <b>"so"</b> <a href="/p/x">`],
    [`<a it's href="/x">`, `<a it's href="/p/x">`],
    ['', ''],
  ])('%s become %s', (page, expected) => {
    expect(rewritten(page)).toBe(expected);
  });

  it('are found wherever the page was cut', () => {
    const page = `<!-- no --><title><a href="/n"></title><a\nhref='/x'><script>"/n"</script><img src="/y">`;
    const expected = rewritten(page);
    expect(expected).toContain(`href='/p/x'`);
    for (let cut = 0; cut <= page.length; cut++) expect(rewritten(page.slice(0, cut), page.slice(cut))).toBe(expected);
    expect(rewritten(...Array.from(page))).toBe(expected);
  });

  it.each([
    ['a tag without an end', '<a '],
    ['a tag of quotes', `<a "'`],
    ['attributes without values', '<a x '],
    ['a value without an end', '<a href="/'],
    ['a comment without an end', '<!-- '],
    ['opening brackets', '<'],
  ])('of megabytes of %s are passed on at once', (_, text) => {
    const page = text.repeat(1_000_000 / text.length);
    expect(rewritten(...(page.match(/.{1,65536}/gs) ?? []))).toBe(page);
  });
});
