import { parseLabelSelector } from '@kubephant/api';
import { newMemoryStore } from './memory-store';
import { keyOf, podOf, testResources, type TestPod } from './testing';

describe('lists by labels', () => {
  const objects = 1200;
  const app = (i: number): string => `app${i % 7}`;
  const filled = async () => {
    const store = newMemoryStore({ resources: testResources });
    for (let i = 0; i < objects; i++) {
      await store.create(
        keyOf(`p${i}`),
        podOf(`p${i}`, i % 3 === 0 ? {} : { labels: { app: app(i), tier: `${i % 2}` } }),
      );
    }
    const select = async (text: string): Promise<string[]> =>
      (await store.list({ resource: 'pods', selection: { labels: parseLabelSelector(text) } })).items.map(
        ({ key }) => key.name,
      );
    return { store, select };
  };

  it.each(['app=app3', 'app in (app3),tier=1', 'tier=0,app=app5', 'app=none', 'app=toString', 'constructor=x', 'app'])(
    'give the same by index as by going through everything: %s',
    async (text) => {
      const { store, select } = await filled();
      const scanned = await select(text);
      for (let again = 0; again < 4; again++) expect(await select(text)).toEqual(scanned);
      const relabel = (name: string, labels: Record<string, string>) =>
        store.guaranteedUpdate<TestPod>(keyOf(name), () => ({ to: podOf(name, { labels }) }));
      await relabel('p0', { app: 'app3', tier: '1' });
      await relabel('p10', { app: 'other' });
      await store.delete(keyOf('p38'));
      const selector = parseLabelSelector(text);
      const { items } = await store.list({ resource: 'pods' });
      const expected = items
        .filter(({ object }) => selector.matches(object.metadata.labels))
        .map(({ key }) => key.name);
      expect(await select(text)).toEqual(expected);
    },
  );

  it('forget the labels that were searched by longest ago', async () => {
    const { select } = await filled();
    for (const key of ['app', 'b', 'c', 'd', 'e', 'tier', 'app'])
      for (let again = 0; again < 4; again++) await select(`${key}=app3`);
    expect(await select('app=app3,tier=1')).toEqual((await select('app,tier=1,app=app3')).sort());
  });
});
