import { findDocument } from './remote-openapi';
import type { RemoteService } from './remote-service';

const remote = { group: 'example.com', version: 'v1' } as RemoteService;

const reader =
  (pages: Readonly<Record<string, object>>) =>
  async (path: string): Promise<string> => {
    const page = pages[path];
    if (!page) throw new Error('404');
    return JSON.stringify(page);
  };

const second = (path: string): object => ({ swagger: '2.0', paths: { [path]: {} } });
const widgets = '/apis/example.com/v1/widgets';

describe('the document of a group version of another server', () => {
  it('is where its index says', async () => {
    const serverRelativeURL = '/openapi/v3/apis/example.com/v1?hash=1';
    const index = { paths: { 'apis/example.com/v1': { serverRelativeURL } } };
    await expect(findDocument(remote, reader({ '/openapi/v3': index }))).resolves.toBe(serverRelativeURL);
  });

  it('is within the document of version 2 where there is no other, under another name when that changes', async () => {
    const [one, other] = await Promise.all(
      [widgets, `${widgets}/{name}`].map((path) => findDocument(remote, reader({ '/openapi/v2': second(path) }))),
    );
    expect(one).toMatch(/^\/openapi\/v2\?hash=[0-9A-F]{128}$/);
    expect(other).not.toBe(one);
  });

  it.each([{}, { '/openapi/v2': second('/apis/other.example.com/v1/widgets') }])('is nowhere in %j', async (pages) => {
    await expect(findDocument(remote, reader(pages))).resolves.toBeUndefined();
  });
});
