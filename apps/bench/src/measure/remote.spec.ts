import { gathering } from './remote';

it('gathering sends what one turn of the event loop brought as one message, in order', async () => {
  const messages: (readonly number[])[] = [];
  const add = gathering<number>((all) => messages.push(all));
  [1, 2, 3].forEach(add);
  await new Promise((resolve) => setImmediate(resolve));
  expect(messages).toEqual([[1, 2, 3]]);
  add(4);
  await new Promise((resolve) => setImmediate(resolve));
  expect(messages).toEqual([[1, 2, 3], [4]]);
});
