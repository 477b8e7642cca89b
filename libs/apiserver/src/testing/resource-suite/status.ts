import { mutate } from '@kubephant/resources/testing';
import { covers } from './facts';
import type { Json, Subject } from './subject';

/** `/status`, where the row has it. */
export function splitting(subject: () => Subject): void {
  it('keeps spec and status apart', async () => {
    const { edits, born, ask, one } = subject();
    const stored = (await born()) as unknown as Json;
    const wanted = mutate(stored, edits.status!) as Json;
    expect(covers(stored['status'], wanted['status'])).toBe(false);
    const main = (await ask(`PUT ${one}`, { body: wanted })).body;
    expect(main.status).toEqual(stored['status']);
    const body = { ...wanted, metadata: main.metadata as Json, spec: {} };
    const written = (await ask(`PUT ${one}/status`, { body })).body;
    expect([written.spec, written.metadata?.generation]).toEqual([stored['spec'], main.metadata.generation]);
    expect(covers(written.status, wanted['status'])).toBe(true);
  });
}
