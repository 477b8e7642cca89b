/** Attributes whose value is an address (HTML 4.01 and HTML 5), by element. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};
/** Elements that contain text and no markup. */
const rawText = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes']);
/** Longer tags are passed on unread. */
const maxTagChars = 16 * 1024;

/** Rewrites the addresses in a page that comes in pieces; everything else leaves as it came. */
export class LinkRewriter {
  readonly #rewrite: (url: string) => string;
  #rest = '';
  /** Text that ends a part without markup. */
  #until: string | undefined;

  constructor(rewrite: (url: string) => string) {
    this.#rewrite = rewrite;
  }

  push(text: string): string {
    this.#rest += text;
    let out = '';
    for (;;) {
      const part = this.#until === undefined ? this.#markup() : this.#unread(this.#until);
      if (part === undefined) return out;
      out += part;
    }
  }

  end(): string {
    return this.#take(this.#rest.length);
  }

  /** What comes before the end of a comment, or of an element without markup. */
  #unread(until: string): string | undefined {
    const at = this.#rest.toLowerCase().indexOf(until);
    if (at >= 0) {
      this.#until = undefined;
      return this.#take(at + until.length);
    }
    const safe = this.#rest.length - until.length;
    return safe > 0 ? this.#take(safe) : undefined;
  }

  #markup(): string | undefined {
    if (this.#rest === '') return undefined;
    const open = this.#rest.indexOf('<');
    if (open !== 0) return this.#take(open < 0 ? this.#rest.length : open);
    if (this.#rest.startsWith('<!--')) {
      this.#until = '-->';
      return this.#take(4);
    }
    if ('<!--'.startsWith(this.#rest)) return undefined;
    if (!/[a-z]/i.test(this.#rest.charAt(1))) return this.#take(1);
    const end = endOfTag(this.#rest.slice(0, maxTagChars));
    if (end !== undefined) return this.#tag(this.#take(end));
    // Passed on whole, so that each piece is looked at once.
    return this.#rest.length > maxTagChars ? this.#take(maxTagChars) : undefined;
  }

  #tag(tag: string): string {
    const name = (/^<([^\s/>]*)/.exec(tag)?.[1] ?? '').toLowerCase();
    if (rawText.has(name)) this.#until = `</${name}`;
    const names = Object.hasOwn(addresses, name) ? addresses[name] : undefined;
    return names ? rewriteTag(tag, names, this.#rewrite) : tag;
  }

  #take(length: number): string {
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return taken;
  }
}

/** The position after a tag's `>`, which quoted values may contain too. */
function endOfTag(text: string): number | undefined {
  let at = 1;
  for (;;) {
    const next = /["'>]/g;
    next.lastIndex = at;
    const found = next.exec(text);
    if (!found) return undefined;
    if (found[0] === '>') return found.index + 1;
    // A quote opens a value only after `=`.
    const closing = /=\s*$/.test(text.slice(Math.max(at - 1, found.index - 16), found.index))
      ? text.indexOf(found[0], found.index + 1)
      : found.index;
    if (closing < 0) return undefined;
    at = closing + 1;
  }
}

/** Sticky, and tried one after the other: time is linear in the tag, whatever is in it. */
const attribute = { gap: /[\s/]*/y, name: /[^\s/>=]+/y, equals: /\s*=\s*/y, value: /"[^"]*"|'[^']*'|[^\s>"']+/y };

function rewriteTag(tag: string, names: readonly string[], rewrite: (url: string) => string): string {
  let at = /^<[^\s/>]*/.exec(tag)?.[0].length ?? 0;
  let out = tag.slice(0, at);
  const next = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(tag)?.[0] ?? '';
    at += found.length;
    return found;
  };
  while (at < tag.length) {
    const [gap, name, equals] = [next(attribute.gap), next(attribute.name), next(attribute.equals)];
    const value = equals === '' ? '' : next(attribute.value);
    const isAddress = value !== '' && names.includes(name.toLowerCase());
    const part = gap + name + equals + (isAddress ? rewriteValue(value, rewrite) : value);
    if (part === '') return out + tag.slice(at);
    out += part;
  }
  return out;
}

function rewriteValue(value: string, rewrite: (url: string) => string): string {
  const quote = /^["']/.exec(value)?.[0] ?? '';
  return quote + rewrite(quote ? value.slice(1, -1) : value) + quote;
}
