import type { DnsHandler, DnsRecord } from '@kubephant/serving';

/** Spreads clients over addresses: address records come in a random order, whatever they follow (a CNAME) stays first. */
export function withShuffledAddresses(next: DnsHandler, random: () => number = Math.random): DnsHandler {
  return async (question, context) => {
    const response = await next(question, context);
    if (!response || 'message' in response || response.answers.length < 2) return response;
    const isAddress = ({ type }: DnsRecord): boolean => type === 'A' || type === 'AAAA';
    const others = response.answers.filter((record) => !isAddress(record));
    return { ...response, answers: [...others, ...shuffled(response.answers.filter(isAddress), random)] };
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
