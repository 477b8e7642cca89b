/** All warnings of one answer, in bytes of text, as upstream bounds them. */
const maxTotal = 4096;

export interface Warnings {
  readonly add: (text: string) => void;
  /** Values of `Warning` header fields (RFC 7234 §5.5), one per warning. */
  readonly headers: readonly string[];
}

/** Collects warnings; a text said twice is sent once, and what would exceed the total is dropped. */
export function newWarnings(): Warnings {
  const headers: string[] = [];
  const seen = new Set<string>();
  let total = 0;
  return {
    headers,
    add(text) {
      const clean = printable(text);
      if (seen.has(clean) || total + clean.length > maxTotal) return;
      seen.add(clean);
      total += clean.length;
      headers.push(`299 - "${clean.replace(/["\\]/g, '\\$&')}"`);
    },
  };
}

/** A header value has no control characters, and Node refuses what is not Latin-1. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, (c) => (c === '\n' ? ' ' : '?'));
