import { keyValues, taints } from './options';

describe('flags', () => {
  it('read labels', () => {
    expect(keyValues('a=b,example.com/c=')).toEqual({ a: 'b', 'example.com/c': '' });
    expect(() => keyValues('a')).toThrow('"a" is not of the form key=value');
  });

  it('read taints', () => {
    expect(taints('a=b:NoSchedule,c:NoExecute')).toEqual([
      { key: 'a', value: 'b', effect: 'NoSchedule' },
      { key: 'c', effect: 'NoExecute' },
    ]);
    expect(() => taints('a')).toThrow('"a" is not of the form key=value:effect');
  });
});
