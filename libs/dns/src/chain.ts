import type { DnsHandler } from '@kubephant/serving';

/** Asks each handler in turn; a question that nobody takes is REFUSED. */
export function chain(...handlers: readonly DnsHandler[]): DnsHandler {
  return async (question, context) => {
    for (const handler of handlers) {
      const response = await handler(question, context);
      if (response) return response;
    }
    return { code: 'REFUSED', authoritative: false, answers: [] };
  };
}
