/**
 * `<uid>` stands for any value of its form, since it differs each time. `<0/metadata/uid>` is the value at that JSON
 * pointer in the body of the answer to step 0 of the case, in requests and in answers; `<!0/metadata/resourceVersion>`
 * is any text but that value.
 */
const forms: Readonly<Record<string, string>> = {
  any: '[^]*',
  continue: '[\\w+/=-]+',
  ip: '[0-9a-f.:]+',
  jwt: '[\\w-]+\\.[\\w-]+\\.[\\w-]+',
  n: '\\d+',
  port: '\\d+',
  rand: '[a-z0-9]{5}',
  rv: '\\d+',
  time: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z',
  uid: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
};

const placeholder = /<(!?)([^<>]*)>/g;
const reference = /<(!?)(\d+)((?:\/[^<>\s/]+)+)>/g;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Whether a text or number is what is wanted, or a value of the form that is wanted. */
export function matches(wanted: string, got: unknown): boolean {
  if (wanted === got || (wanted === '<any>' && got !== undefined)) return true;
  if (typeof got !== 'string' && typeof got !== 'number') return false;
  if (!wanted.includes('<')) return false;
  const parts: string[] = [];
  let end = 0;
  for (const found of wanted.matchAll(placeholder)) {
    const [whole, not, name = ''] = found;
    const form = not ? `(?!${literal(name)}$).+` : forms[name];
    if (form === undefined) continue;
    parts.push(literal(wanted.slice(end, found.index)), form);
    end = found.index + whole.length;
  }
  return new RegExp(`^${parts.join('')}${literal(wanted.slice(end))}$`).test(String(got));
}

/** The value with its references replaced by what earlier answers held; a text that is one reference becomes its value. */
export function resolve(value: unknown, bodies: readonly unknown[]): unknown {
  if (typeof value === 'string') return value.includes('<') ? resolveText(value, bodies) : value;
  if (Array.isArray(value)) return value.map((one) => resolve(one, bodies));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, bodies)]));
}

function resolveText(text: string, bodies: readonly unknown[]): unknown {
  const [only] = text.matchAll(reference);
  if (only?.[0] === text && !only[1]) return valueAt(bodies[Number(only[2])], only[3] ?? '');
  return text.replace(reference, (_, not: string, step: string, pointer: string) => {
    const value = String(valueAt(bodies[Number(step)], pointer));
    return not ? `<!${value}>` : value;
  });
}

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(body: unknown, pointer: string): unknown {
  const keys = pointer.slice(1).split('/');
  return keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
    body,
  );
}
