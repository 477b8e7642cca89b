import { DatabaseError } from 'pg';
import { outcomeOf } from './errors';

function refusal(code: string, message: string, severity = 'ERROR'): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, 'error'), { code, severity });
}

describe('the outcome of a write that failed', () => {
  it.each([
    ['a full disk', refusal('53100', 'no space left'), 'ServiceUnavailable', 'PostgreSQL refuses: no space left'],
    [
      'a statement that took too long',
      refusal('57014', 'canceled'),
      'ServiceUnavailable',
      'PostgreSQL refuses: canceled',
    ],
    ['a server that may only be read', refusal('25006', 'read-only'), 'ServiceUnavailable', 'PostgreSQL refuses'],
    ['a second deadlock', refusal('40P01', 'deadlock detected'), 'ServiceUnavailable', 'PostgreSQL refuses'],
    ['a lock that is not to be had', refusal('55P03', 'lock timeout'), 'ServiceUnavailable', 'PostgreSQL refuses'],
    ['a bad disk', refusal('58030', 'could not read block'), 'ServiceUnavailable', 'PostgreSQL refuses'],
    ['a name with NUL', refusal('22021', 'invalid byte sequence'), 'BadRequest', 'invalid byte sequence'],
    ['a mistake of ours', refusal('42601', 'syntax error'), 'InternalError', 'syntax error'],
    [
      'a query that pg did not send',
      new Error('Client has encountered a connection error and is not queryable'),
      'ServiceUnavailable',
      'PostgreSQL cannot be reached: Client has',
    ],
    ['a lost connection', new Error('read ECONNRESET'), 'Timeout', 'the outcome of the write is unknown'],
    ['a server that ends', refusal('57P01', 'terminating', 'FATAL'), 'Timeout', 'the outcome of the write is unknown'],
  ])('%s', (_, err, reason, message) => {
    const outcome = outcomeOf(err);
    expect([outcome.status.reason, outcome.message]).toEqual([reason, expect.stringContaining(message)]);
  });
});
