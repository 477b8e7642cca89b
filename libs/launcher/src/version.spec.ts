import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withVersions } from './version';

describe('the version of a program', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubephant-version-'));
    await writeFile(join(directory, 'config'), 'one');
  });
  afterAll(() => rm(directory, { recursive: true }));

  const version = async (...flags: string[]): Promise<string | undefined> =>
    (await withVersions([{ name: 'a', argv: ['/bin/true', ...flags] }]))[0]?.version;

  it('changes with its command line and with the files that are named on it, and else not', async () => {
    const flag = `--config=${join(directory, 'config')}`;
    const first = await version(flag);
    expect(await version(flag)).toBe(first);
    expect(await version(flag, '--v=2')).not.toBe(first);
    await writeFile(join(directory, 'config'), 'two');
    expect(await version(flag)).not.toBe(first);
  });

  it('does not mind what is no file', async () => {
    expect(await version('--root=/', '--socket=/nowhere', '--word=x')).toMatch(/^[0-9a-f]{16}$/);
  });
});
