import { remembered } from './remembered';

describe('a function that remembers', () => {
  const counting = (): { readonly of: (text: string) => string | undefined; readonly asked: string[] } => {
    const asked: string[] = [];
    const of = remembered((text: string) => {
      asked.push(text);
      return text === '' ? undefined : text.toUpperCase();
    });
    return { of, asked };
  };

  it('computes once for each text, also when the answer is none', () => {
    const { of, asked } = counting();
    expect([of('a'), of('a'), of(''), of('')]).toEqual(['A', 'A', undefined, undefined]);
    expect(asked).toEqual(['a', '']);
  });

  it('keeps neither long texts nor more than it is meant to', () => {
    const { of, asked } = counting();
    const long = 'x'.repeat(257);
    of(long);
    of(long);
    for (let i = 0; i < 5000; i++) of(`n${i}`);
    of('n0');
    expect(asked.filter((text) => text === long)).toHaveLength(2);
    expect(asked.filter((text) => text === 'n0')).toHaveLength(2);
  });

  it('remembers nothing of a text that it throws for', () => {
    let calls = 0;
    const of = remembered((): never => {
      throw new Error(`call ${(calls += 1)}`);
    });
    expect(() => of('a')).toThrow('call 1');
    expect(() => of('a')).toThrow('call 2');
  });
});
