import { at } from '../validation/path';
import { validateOwners } from './owners';

describe('owners', () => {
  it('are quoted in one order, whatever that of the object is', () => {
    const owner = { controller: true, uid: 'u', name: 'n', kind: 'Event', apiVersion: 'v1' };
    const [banned, second] = validateOwners([owner, owner], at('metadata')).filter(({ message }) =>
      message.includes('{'),
    );
    const text = '{"apiVersion":"v1","kind":"Event","name":"n","uid":"u","controller":true}';
    expect(banned?.message).toBe(`Invalid value: ${text}: /v1, Kind=Event is disallowed from being an owner`);
    expect(second?.message).toContain(text);
  });
});
