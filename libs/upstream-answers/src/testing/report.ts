import type { CaseClass, KnownDifference } from './classes';
import type { Level } from './compare';
import { answersIn, equalUpTo, levelsOf, listedIn } from './judge';

/** The document that says how much is equal to upstream, and what is not and why. */
export function describeDifferences(classes: readonly CaseClass[]): string {
  return [
    '# Where answers differ from upstream',
    '',
    'Recorded answers of upstream 1.36.2 are asked of a whole API server in the tests of `libs/upstream-answers`. This',
    'is what they count and each difference that is left, with its reason. Written from its data; rewrite it with',
    '`UPDATE_GOLDEN=1`.',
    '',
    '| class | what | answers | equal | floor |',
    '| --- | --- | --: | --- | --- |',
    ...classes.map(row),
    '',
    ...classes.filter(({ differences }) => differences.length > 0).flatMap(section),
  ].join('\n');
}

function row(one: CaseClass): string {
  const differing = listedIn(one);
  const at = Object.keys(one.floor) as Level[];
  const share = (level: Level): string => `${equalUpTo(level, one, differing).toFixed(1)} % up to ${level}`;
  const floor = at.map((level) => `${one.floor[level] ?? 0} % up to ${level}`);
  return `| ${one.name} | ${one.what} | ${answersIn(one).length} | ${at.map(share).join(', ')} | ${floor.join(', ')} |`;
}

function section(one: CaseClass): readonly string[] {
  const looked = levelsOf(one).join(', ');
  return [`## ${one.name}`, '', `Compared: ${looked}.`, '', ...one.differences.map(line), ''];
}

const line = ({ reason, differs, answers }: KnownDifference): string =>
  `- ${reason} (${differs.join(', ')}; ${answers.length === 1 ? '1 answer' : `${answers.length} answers`}): ${answers
    .map((name) => `\`${name}\``)
    .join(', ')}`;
