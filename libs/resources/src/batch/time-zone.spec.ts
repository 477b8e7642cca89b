import { isTimeZone } from './time-zone';

describe('a time zone', () => {
  it.each(['UTC', 'Etc/UTC', 'America/New_York', 'EST', 'US/Eastern', 'Etc/GMT+1', 'GB-Eire'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['utc', 'america/new_york', 'America/new_York', 'us/eastern', 'Bogus/Zone', '+01', '+01:00', '', 'Local'])(
    '%p is none',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
