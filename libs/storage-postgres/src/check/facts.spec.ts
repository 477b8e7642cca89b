import { compareKeys } from './facts';

it('keys are in the order of their bytes, as the database sorts them', () => {
  const names = ['', 'A', 'B', 'a', 'a-b', 'a.b', 'b', 'é', '\ue000', '\uffee', '😀'];
  const keys = names.map((name) => ({ resource: 'pods', namespace: 'n', name }));
  const bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(
    keys
      .toReversed()
      .sort(compareKeys)
      .map(({ name }) => name),
  ).toEqual(bytes);
  expect(names).toEqual(bytes);
});
