import { inDialTerms } from './dial-errors';

it.each([
  ['dial tcp 10.0.0.1:8080: connect ECONNREFUSED 10.0.0.1:8080', 'dial tcp 10.0.0.1:8080: connect: connection refused'],
  [
    'Get "http://10.0.0.1:8080/": connect ECONNREFUSED 10.0.0.1:8080',
    'Get "http://10.0.0.1:8080/": dial tcp 10.0.0.1:8080: connect: connection refused',
  ],
  ['dial tcp fd00::1:80: connect ECONNREFUSED fd00::1:80', 'dial tcp [fd00::1]:80: connect: connection refused'],
  [
    'dial tcp 10.0.0.1:80: connect EHOSTUNREACH 10.0.0.1:80 - Local (10.0.0.2:4711)',
    'dial tcp 10.0.0.1:80: connect: no route to host',
  ],
  ['dial tcp 10.0.0.1:80: i/o timeout', 'dial tcp 10.0.0.1:80: i/o timeout'],
])('%s is told as %s', (output, expected) => {
  expect(inDialTerms({ ok: false, code: 0, output }).output).toBe(expected);
});

it('leaves what a server says as it is', () => {
  const answer = { ok: false, code: 500, output: 'connect ECONNREFUSED 10.0.0.1:80' };
  expect(inDialTerms(answer)).toEqual(answer);
});
