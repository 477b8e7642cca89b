const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;

const withRest = (whole: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;

/**
 * A duration with two or three significant digits, as ages are printed (`85s`, `7m33s`, `3h`, `2d5h`, `3y40d`).
 * A start up to one second in the future is tolerated as clock skew; further ahead prints `<invalid>`.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minuteSeconds) return `${seconds}s`;
  const minutes = Math.trunc(seconds / minuteSeconds);
  if (minutes < 10) return withRest(minutes, 'm', seconds % minuteSeconds, 's');
  if (minutes < 3 * 60) return `${minutes}m`;
  return humanHours(Math.trunc(seconds / hourSeconds), minutes);
}

function humanHours(hours: number, minutes: number): string {
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (years < 8) return withRest(years, 'y', days % 365, 'd');
  return `${years}y`;
}

/** How long before `now` a timestamp lies; `<unknown>` without one. */
export function age(timestamp: string | null | undefined, now: Date): string {
  if (!timestamp) return '<unknown>';
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now.getTime() - then);
}
