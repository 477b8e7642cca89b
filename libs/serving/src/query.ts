const malformed = /%(?![0-9a-f]{2})|;/i;

/**
 * The parameters of a URL's search part, read as Go reads them: what has a malformed escape or a semicolon in it is no
 * parameter at all.
 */
export function queryOf(search: string): URLSearchParams {
  if (!malformed.test(search)) return new URLSearchParams(search);
  const readable = search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => !malformed.test(pair));
  return new URLSearchParams(readable.join('&'));
}
