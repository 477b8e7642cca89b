/** Texts longer than this are no names that come again. */
const longest = 256;
const most = 4096;

/** A pure function of texts that remembers a bounded number of answers. */
export function remembered<R>(of: (text: string) => R): (text: string) => R {
  const known = new Map<string, R>();
  return (text) => {
    if (known.has(text)) return known.get(text) as R;
    const answer = of(text);
    if (text.length > longest) return answer;
    // Whoever fills it with texts that never come again costs others one more computation each.
    if (known.size === most) known.clear();
    known.set(text, answer);
    return answer;
  };
}
