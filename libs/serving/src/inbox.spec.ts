import { Budget, newInbox } from './inbox';

const bytes = (length: number): Buffer => Buffer.alloc(length);

/** Whether the promise has resolved after all that could have resolved it. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('an inbox', () => {
  it('hands out what came in, in order, and ends after it', async () => {
    const inbox = newInbox(new Budget(100));
    const read = (async () => {
      const seen: string[] = [];
      for await (const message of inbox) seen.push(message.toString());
      return seen;
    })();
    inbox.push(Buffer.from('a'));
    inbox.push(Buffer.from('b'));
    inbox.end();
    inbox.push(Buffer.from('too late'));
    await expect(read).resolves.toEqual(['a', 'b']);
  });

  it('is full beyond its budget, until it is read', async () => {
    const inbox = newInbox(new Budget(100));
    expect([inbox.push(bytes(100)), inbox.push(bytes(1))]).toEqual([true, false]);
    const room = inbox.room();
    expect(await isDone(room)).toBe(false);
    await inbox[Symbol.asyncIterator]().next();
    expect(await isDone(room)).toBe(true);
    expect(await isDone(inbox.room())).toBe(true);
  });

  it('shares its budget with others, and gives its part back when it is dropped', async () => {
    const budget = new Budget(100);
    const [one, two] = [newInbox(budget), newInbox(budget)];
    one.push(bytes(90));
    expect(two.push(bytes(20))).toBe(false);
    const room = budget.room();
    one.drop();
    expect(await isDone(room)).toBe(true);
    for await (const _ of one) throw new Error('it was dropped');
    two.end();
    let size = 0;
    for await (const message of two) size += message.length;
    expect(size).toBe(20);
  });

  it('keeps nobody waiting once its budget is closed', async () => {
    const budget = new Budget(0);
    newInbox(budget).push(bytes(1));
    const room = budget.room();
    budget.close();
    expect([await isDone(room), budget.isSpent]).toEqual([true, false]);
  });
});
