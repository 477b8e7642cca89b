const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);

const replacements: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name of a property in expressions: `a-b` is `a__dash__b`; undefined when it cannot be named there. */
export function escapeName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[a-zA-Z_./-][\w./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[./-]/g, (part) => replacements[part] ?? part);
}

const originals = new Map(Object.entries(replacements).map(([part, escape]) => [escape.slice(2, -2), part]));

/** The property that a name in an expression stands for; undefined when it is no escaped name. */
export function unescapeName(escaped: string): string | undefined {
  const wrong: string[] = [];
  const name = escaped.replaceAll(/__([^_]+)__/g, (whole, word: string) => {
    const original = originals.get(word);
    if (original !== undefined) return original;
    if (!reserved.has(word) || whole.length !== escaped.length) wrong.push(whole);
    return word;
  });
  return wrong.length === 0 ? name : undefined;
}

/** Whether a text may be the name of a variable. */
export const isIdentifier = (name: string): boolean => /^[a-zA-Z_]\w*$/.test(name) && !reserved.has(name);
