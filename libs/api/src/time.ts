/** meta/v1 Time: RFC 3339 in UTC, whole seconds; what is finer is cut off. Numbers are milliseconds since the epoch. */
export function timestamp(time: number | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** meta/v1 MicroTime: RFC 3339 in UTC with six decimals. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
