import { PageSize } from './page-size';

describe('the size of a page', () => {
  it('grows while pages are full, and shrinks to what is asked for', () => {
    const size = new PageSize();
    const asked = Array.from({ length: 9 }, () => {
      const { rows } = size;
      size.learn(rows, rows * 100);
      return rows;
    });
    expect(asked).toEqual([16, 32, 64, 128, 256, 512, 1000, 1000, 1000]);
    size.learn(20, 2000);
    expect(size.rows).toBe(40);
    size.learn(0, 0);
    expect(size.rows).toBe(16);
  });

  it('keeps pages of large rows within their bytes', () => {
    const size = new PageSize(1000);
    size.learn(16, 1600);
    expect(size.rows).toBe(10);
    size.learn(1, 5000);
    expect(size.rows).toBe(1);
  });
});
