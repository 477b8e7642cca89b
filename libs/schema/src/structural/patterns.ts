import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();
/** Patterns of all schemas that are served; what is over is compiled again. */
const maxCompiled = 10_000;

/** A pattern in Go's syntax, which takes time linear in the text it looks at. Throws with Go's message. */
function patternOf(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Whether the pattern is found anywhere in the text. Throws for a malformed pattern. */
export const matchesPattern = (pattern: string, text: string): boolean => patternOf(pattern).matcher(text).find();

/** What Go says of a malformed pattern; undefined for a good one. */
export function patternProblem(pattern: string): string | undefined {
  try {
    patternOf(pattern);
    return undefined;
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  }
}
