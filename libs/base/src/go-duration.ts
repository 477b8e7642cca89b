const millis: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    μs: 1e-3,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
  }),
);

const numberAt = /^(?:\d+(?:\.\d*)?|\.\d+)/;
const unitAt = /^[^\d.]*/;

/**
 * A duration as Go writes it (`1h30m`, `-1.5s`), in milliseconds. Throws an Error with the text of Go's
 * time.ParseDuration.
 */
export function parseGoDuration(text: string): number {
  const wrong = (what: string): Error => new Error(`time: ${what} duration ${JSON.stringify(text)}`);
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '') throw wrong('invalid');
  let total = 0;
  for (let rest = unsigned === '0' ? '' : unsigned; rest !== '';) {
    const number = numberAt.exec(rest)?.[0];
    if (number === undefined) throw wrong('invalid');
    const unit = unitAt.exec(rest.slice(number.length))?.[0] ?? '';
    const factor = millis.get(unit);
    if (factor === undefined) throw wrong(unit ? `unknown unit ${JSON.stringify(unit)} in` : 'missing unit in');
    total += Number(number) * factor;
    rest = rest.slice(number.length + unit.length);
  }
  return text.startsWith('-') ? -total : total;
}
