import type { Clock } from '@kubephant/base';

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

export const sends = ({ perSecond, seconds }: Pace): number => Math.max(1, Math.round(perSecond * seconds));

/**
 * An open loop: sends number 0, 1, 2, … each when it is due, whether or not the ones before have been answered; a server
 * that stalls is sent just as much. Resolves when all are answered; rejects then, if one was not.
 */
export async function pace(rate: Pace, clock: Clock, send: (i: number) => Promise<unknown>): Promise<void> {
  const startMs = clock.now();
  const total = sends(rate);
  const never = new AbortController().signal;
  const failures: unknown[] = [];
  const sent: Promise<unknown>[] = [];
  while (sent.length < total) {
    const due = Math.min(total, 1 + Math.floor(((clock.now() - startMs) * rate.perSecond) / 1000));
    while (sent.length < due) sent.push(send(sent.length).catch((err: unknown) => failures.push(err)));
    const waitMs = startMs + (sent.length * 1000) / rate.perSecond - clock.now();
    if (sent.length < total) await clock.sleep(Math.max(1, waitMs), never);
  }
  await Promise.all(sent);
  if (failures.length > 0) throw failures[0];
}
