import { checkedTimestamp, dateParts, type DateParts } from '../values/time';
import { Duration, Failure, type Timestamp, type Value } from '../values/value';
import { type Library, type Overload, overload } from './declare';

const durationOverflow = new Failure('duration overflow');

function checkedDuration(nanos: bigint): Duration | Failure {
  return nanos < -(2n ** 63n) || nanos >= 2n ** 63n ? durationOverflow : new Duration(nanos);
}

/** A part of the calendar's view, in UTC or in a zone. */
function part(read: (parts: DateParts) => number): readonly Overload[] {
  const at = (time: Timestamp, zone?: string): Value => {
    const parts = dateParts(time, zone);
    return parts instanceof Failure ? parts : BigInt(read(parts));
  };
  return [overload('timestamp.() -> int', at), overload('timestamp.(string) -> int', at)];
}

const units = (nanos: bigint): Overload =>
  overload('duration.() -> int', (duration: Duration) => duration.nanos / nanos);

export const times: Library = {
  '_+_': [
    overload('(duration, duration) -> duration', (a: Duration, b: Duration) => checkedDuration(a.nanos + b.nanos)),
    overload('(timestamp, duration) -> timestamp', (a: Timestamp, b: Duration) => checkedTimestamp(a.nanos + b.nanos)),
    overload('(duration, timestamp) -> timestamp', (a: Duration, b: Timestamp) => checkedTimestamp(a.nanos + b.nanos)),
  ],
  '_-_': [
    overload('(duration, duration) -> duration', (a: Duration, b: Duration) => checkedDuration(a.nanos - b.nanos)),
    overload('(timestamp, duration) -> timestamp', (a: Timestamp, b: Duration) => checkedTimestamp(a.nanos - b.nanos)),
    overload('(timestamp, timestamp) -> duration', (a: Timestamp, b: Timestamp) => checkedDuration(a.nanos - b.nanos)),
  ],
  getFullYear: part(({ year }) => year),
  getMonth: part(({ month }) => month),
  getDate: part(({ day }) => day),
  getDayOfMonth: part(({ day }) => day - 1),
  getDayOfWeek: part(({ weekday }) => weekday),
  getDayOfYear: part(({ yearDay }) => yearDay),
  getHours: [...part(({ hour }) => hour), units(3_600_000_000_000n)],
  getMinutes: [...part(({ minute }) => minute), units(60_000_000_000n)],
  getSeconds: [...part(({ second }) => second), units(1_000_000_000n)],
  getMilliseconds: [...part(({ millisecond }) => millisecond), units(1_000_000n)],
};
