const canonical: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));
const caseless: ReadonlySet<string> = new Set([...canonical].map((name) => name.toLowerCase()));

/** Each part of an alias begins with a capital: `US/Eastern`, `Etc/GMT+1`. */
const isSpelledAsAlias = (name: string): boolean => /^[A-Z][^/]*(\/[A-Z][^/]*)*$/.test(name);

function isKnown(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError is the answer: no such zone.
    return false;
  }
}

/** Whether the time zone database has this name, spelled so: upstream looks for a file. */
export const isTimeZone = (name: string): boolean =>
  canonical.has(name) || (!caseless.has(name.toLowerCase()) && isSpelledAsAlias(name) && isKnown(name));
