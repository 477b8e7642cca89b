import { kubectl } from './cluster';

/** A namespace for one test file, deleted at its end. */
export function testNamespace(prefix: string): string {
  const name = `${prefix}-${Date.now().toString(36)}`;
  beforeAll(async () => {
    await kubectl(`create namespace ${name}`);
  });
  afterAll(async () => {
    await kubectl(`delete namespace ${name} --wait=false`);
  });
  return name;
}
