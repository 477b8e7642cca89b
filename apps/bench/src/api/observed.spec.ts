import { parseState } from './observed';

it('reads what a server says of its process', () =>
  expect(
    parseState(
      '# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 12.5\n' +
        'process_resident_memory_bytes{a="b"} 1\nprocess_resident_memory_bytes 1.5e+08\n',
    ),
  ).toEqual({ cpuSeconds: 12.5, residentBytes: 1.5e8 }));
