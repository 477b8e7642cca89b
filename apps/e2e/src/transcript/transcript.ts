/**
 * What a person sees who types commands, as a text file. A line's first two characters say what it is:
 *
 *     # A sentence: a scene begins.
 *     $ get pods          a command line of kubectl
 *     < kind: Pod         a line of its standard input
 *       NAME   READY      a line of its standard output
 *     ! Error from …      a line of its standard error
 *     ? 1                 its exit code, if it is not 0
 *
 * Lines outside of scenes (before the first) and empty ones say nothing.
 */
export interface Step {
  readonly command: string;
  readonly input: string;
  readonly outcome: Outcome;
}

/** What a command printed, without white space at the ends of lines, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Scene {
  readonly title: string;
  readonly steps: readonly Step[];
}

const unmark = (lines: readonly string[], mark: string): string =>
  lines
    .filter((line) => line.startsWith(mark))
    .map((line) => `${line.slice(2)}\n`)
    .join('');

function parseStep(text: string): Step {
  const [command = '', ...rest] = text.split('\n');
  // An empty line of the output cannot be told from one between steps, but for its two spaces.
  const lines = rest.filter((line) => line !== '').map((line) => line.padEnd(2));
  const code = Number(unmark(lines, '? ') || 0);
  const [input, stdout, stderr] = ['< ', '  ', '! '].map((mark) => unmark(lines, mark)) as [string, string, string];
  return { command, input, outcome: { code, stdout, stderr } };
}

/** Everything from the first scene on; the text before it belongs to the file and is not changed. */
export function parseTranscript(text: string): readonly Scene[] {
  const scenes = `\n${text}`.split(/^# /m).slice(1);
  return scenes.map((scene) => {
    const [title = '', ...steps] = scene.split(/^\$ /m);
    return { title: title.trim(), steps: steps.map(parseStep) };
  });
}

const mark = (text: string, sign: string): readonly string[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${sign} ${line}`);

export function renderStep({ command, input, outcome }: Step): string {
  return [
    `$ ${command}`,
    ...mark(input, '<'),
    ...mark(outcome.stdout, ' '),
    ...mark(outcome.stderr, '!'),
    ...(outcome.code === 0 ? [] : [`? ${outcome.code}`]),
  ].join('\n');
}

export function renderScene({ title, steps }: Scene): string {
  return [`# ${title}`, ...steps.map(renderStep)].join('\n');
}

export function renderTranscript(scenes: readonly Scene[]): string {
  return `${scenes.map(renderScene).join('\n\n')}\n`;
}
