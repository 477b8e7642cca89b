/** Words that YAML 1.1 reads as something else than themselves. */
const words = new Set(
  [
    ['', '~', 'null', 'y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', '.nan', '.inf', '+.inf', '-.inf'],
    ['Null', 'Y', 'Yes', 'True', 'On', 'N', 'No', 'False', 'Off', '.NaN', '.Inf', '+.Inf', '-.Inf'],
    ['NULL', 'YES', 'TRUE', 'ON', 'NO', 'FALSE', 'OFF', '.NAN', '.INF', '+.INF', '-.INF'],
  ].flat(),
);

const numbers: readonly RegExp[] = [
  // Digits may be grouped by underscores, which a base takes in its stride.
  /^[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][\da-fA-F_]+|\d[\d_]*)$/,
  /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$/,
  // Sixties: hours, minutes and seconds.
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
];

const timestamp =
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))|(?: \d\d?:\d\d?:\d\d?(?:\.\d+)?))?$/;

/** Whether a text without quotes would be read as a text. */
export function isReadAsText(text: string): boolean {
  // Most texts begin with a letter that begins no such word.
  if (/^[a-eg-mp-su-xz]/.test(text)) return true;
  return !words.has(text) && !numbers.some((one) => one.test(text)) && !timestamp.test(text);
}
