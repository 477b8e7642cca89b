import { scrubTables } from './table';

const dayMs = 86_400_000;
/** Times of today are of the run; others were in the input. */
const isNow = (time: string): boolean => Math.abs(Date.parse(time) - Date.now()) < dayMs;
const timeOfRun = (time: string): string => (isNow(time) ? '<time>' : time);

/** Letters and digits of generated names: no vowels, so that they make no words. */
const random = '[bcdfghjklmnpqrstvwxz2456789]';

/** What differs from run to run, by how it looks. */
const volatile: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, timeOfRun],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}/g, timeOfRun],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)/g, timeOfRun],
  [/(?<=^content-length: )\d+/, '<length>'],
  [/\(\d+[ydhms]\w* ago\)/, '(<age> ago)'],
  [/^ +"\d+s"$/, (cell) => cell.replace(/\d+s/, '<age>')],
  [/(?<=resource_?version"?: *"?|resource version:? *"?)\d+/gi, '<rv>'],
  [/\b10\.1[01]6\.\d+\.\d+\b/g, '<ip>'],
  [/(?<=nodeport: +(\S+ +)?|:)3[0-2]\d{3}(?=$|\/(TCP|UDP))/gi, '<node port>'],
  [/(?<=X509SHA256=)[0-9a-f]{64}/g, '<hash>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>'],
  [/(?<=resource version to be 1, was )\d+/g, '<rv>'],
  [/\/[\w./-]+\/(LIVE|MERGED|kubectl-edit)-\d+/g, '/tmp/$1-<random>'],
  [/(?<=pod-template-hash=)\w+/g, '<hash>'],
  [/v1\.3\d\.\d+(?![+\d])[\w.-]*/g, '<version>'],
  [/(?<=\+kubephant\.)\d+\.\d+\.\d+/, '<release>'],
  [/^([EWI])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /, '$1<time and process> '],
  [new RegExp(`-${random}{8,10}(?![\\w])`, 'g'), '-<hash>'],
  [new RegExp(`-${random}{5}(?![\\w-])`, 'g'), '-<random>'],
];

const scrubLine = (line: string): string =>
  volatile.reduce(
    (text, [pattern, by]) => (typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)),
    line,
  );

/** The text with placeholders for what differs from run to run: identifiers, times, addresses, generated names. */
export const scrub = (text: string): string => scrubTables(text, scrubLine);
