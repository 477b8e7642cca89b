import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newSelector, parseFieldSelector, type StatusError } from '@kubephant/api';
import type { Listed, ListOptions, Store } from '../store';
import { keyOf, podOf, until, type StoreEnvironment, type TestPod } from './fixtures';

const told = ({ key, revision }: Listed['items'][number]): string => `${key.name}@${revision}`;
const names = ({ items }: Listed): string[] =>
  items.map(({ key }) => (key.namespace ? `${key.namespace}/${key.name}` : key.name));
const tooLargeRevision = {
  reason: 'Timeout',
  code: 504,
  status: { details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] } },
};
const token = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

export function readSuite(newEnvironment: () => Promise<StoreEnvironment>): void {
  let environment: StoreEnvironment;
  let store: Store;
  let clock: FakeClock;
  beforeEach(async () => {
    environment = await newEnvironment();
    clock = newFakeClock();
    store = await environment.open({ clock });
  });
  afterEach(() => environment.close());

  const create = async (...paths: string[]): Promise<void> => {
    for (const path of paths) {
      const [namespace = '', name = ''] = path.split('/');
      await store.create(keyOf(name, namespace), podOf(name));
    }
  };
  const list = (options: Partial<ListOptions> = {}): Promise<Listed<TestPod>> =>
    store.list<TestPod>({ resource: 'pods', ...options });

  describe('get', () => {
    it('gives whatever is there for revision 0, and waits for one that is about to come', async () => {
      await create('default/a');
      await expect(store.get(keyOf('a'), 0)).resolves.toMatchObject({ revision: 1 });
      const future = store.get(keyOf('a'), 2);
      await create('default/b');
      await expect(future).resolves.toMatchObject({ revision: 1 });
    });

    it('gives up on a revision that does not come within 3 seconds', async () => {
      await create('default/a');
      const future = store.get(keyOf('a'), 1000);
      future.catch(() => undefined);
      await clock.advance(2999);
      await expect(Promise.race([future, Promise.resolve('waiting')])).resolves.toBe('waiting');
      await clock.advance(1);
      await expect(future).rejects.toMatchObject({
        ...tooLargeRevision,
        message: 'Timeout: Too large resource version: 1000, current: 1',
      });
    });

    it.each([-1, 1.5, Number.NaN])('refuses %d as a revision', async (revision) => {
      await expect(store.get(keyOf('a'), revision)).rejects.toMatchObject({ reason: 'BadRequest' });
    });
  });

  describe('what is current', () => {
    it('is what was written, at once', async () => {
      await create('b/x', 'a/y', 'a/x');
      expect(store.current.find(keyOf('x', 'a'))).toMatchObject({ revision: 3 });
      expect(store.current.find(keyOf('none', 'a'))).toBeUndefined();
      const told = (namespace?: string): string[] =>
        names({ revision: 0, items: store.current.all('pods', namespace) });
      expect([told(), told('a'), store.current.all('nodes')]).toEqual([['a/x', 'a/y', 'b/x'], ['a/x', 'a/y'], []]);
    });

    it('has another state after every change of the resource, and only then', async () => {
      await create('a/x');
      const state = store.current.state('pods');
      expect(store.current.state('pods')).toBe(state);
      await store.create({ resource: 'nodes', namespace: '', name: 'n' }, podOf('n'));
      expect(store.current.state('pods')).toBe(state);
      await store.delete(keyOf('x', 'a'));
      expect(store.current.state('pods')).not.toBe(state);
    });
  });

  describe('list', () => {
    it('is in the bytewise order of namespace/name', async () => {
      await create('a/z', 'a-b/a', 'a.c/a', 'a/\u{1F418}', 'a/\uFF5E', 'a/B', 'a/a');
      expect(names(await list())).toEqual(['a-b/a', 'a.c/a', 'a/B', 'a/a', 'a/z', 'a/\uFF5E', 'a/\u{1F418}']);
    });

    it('keeps to its resource, namespace and name', async () => {
      await create('one/a', 'one/b', 'two/a', 'one-more/a');
      await store.create({ resource: 'nodes', namespace: '', name: 'a' }, podOf('a'));
      expect(names(await list({ namespace: 'one' }))).toEqual(['one/a', 'one/b']);
      expect(names(await list({ namespace: 'one', name: 'b' }))).toEqual(['one/b']);
      expect(names(await list({ name: 'a' }))).toEqual(['one-more/a', 'one/a', 'two/a']);
      expect(names(await list({ resource: 'nodes' }))).toEqual(['a']);
      expect(names(await list({ resource: 'unknown' }))).toEqual([]);
    });

    it('selects by labels and fields, indexed or not', async () => {
      await store.create(keyOf('a'), podOf('a', { labels: { app: 'web' }, spec: { nodeName: 'n1' } }));
      await store.create(keyOf('b'), podOf('b', { labels: { app: 'web' }, spec: { nodeName: 'n2' } }));
      await store.create(keyOf('c'), podOf('c', { spec: { nodeName: 'n1' } }));
      const web = newSelector([{ key: 'app', operator: '=', values: ['web'] }]);
      const by = async (fields: string, labels = newSelector([])): Promise<string[]> =>
        names(await list({ selection: { labels, fields: parseFieldSelector(fields) } }));
      expect(await by('', web)).toEqual(['default/a', 'default/b']);
      expect(await by('spec.nodeName=n1')).toEqual(['default/a', 'default/c']);
      expect(await by('spec.nodeName=n1', web)).toEqual(['default/a']);
      expect(await by('spec.nodeName!=n1')).toEqual(['default/b']);
      expect(await by('metadata.name=c')).toEqual(['default/c']);
      expect(await by('metadata.name=c,metadata.namespace=other')).toEqual([]);
      expect(await by('constructor=x')).toEqual([]);
    });

    it('follows changes of what is selected by', async () => {
      const fields = parseFieldSelector('spec.nodeName=n1');
      await store.create(keyOf('a'), podOf('a'));
      await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod!, spec: { nodeName: 'n1' } } }));
      expect(names(await list({ selection: { fields } }))).toEqual(['default/a']);
      await store.delete(keyOf('a'));
      expect(names(await list({ selection: { fields } }))).toEqual([]);
    });

    it('reads the fields of a resource that is defined later', async () => {
      await store.create({ ...keyOf('a'), resource: 'widgets' }, podOf('a', { data: { colour: 'red' } }));
      const fields = (obj: TestPod): Record<string, string> => ({ colour: String(obj.data?.['colour']) });
      store.define({ resource: 'widgets', fields: fields, indexed: ['colour'] });
      const selection = { fields: parseFieldSelector('colour=red') };
      expect(names(await list({ resource: 'widgets', selection }))).toEqual(['default/a']);
    });

    it('says the revision that it was read at, not the one that was asked for', async () => {
      await create('default/a', 'default/b');
      await expect(list({ revision: 1 })).resolves.toMatchObject({ revision: 2 });
      await expect(list({ revision: 0 })).resolves.toMatchObject({ revision: 2 });
      await expect(list({ revision: 1, match: 'exact' })).resolves.toMatchObject({ revision: 1 });
    });

    it('reads the exact state of a past revision', async () => {
      await create('default/a', 'default/b');
      await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod!, spec: { count: 1 } } }));
      await store.delete(keyOf('b'));
      await create('default/c');
      const at = async (revision: number): Promise<string[]> =>
        (await list({ revision, match: 'exact' })).items.map((item) => `${item.key.name}@${item.revision}`);
      expect(await Promise.all([1, 2, 3, 4, 5].map(at))).toEqual([
        ['a@1'],
        ['a@1', 'b@2'],
        ['a@3', 'b@2'],
        ['a@3'],
        ['a@3', 'c@5'],
      ]);
    });

    it('reads a past that memory has forgotten from the log', async () => {
      const forgetful = await environment.open({ clock, history: { changes: 3, bytes: 1 << 20 } });
      const count = (name: string, to: number) =>
        forgetful.guaranteedUpdate<TestPod>(keyOf(name), (pod) => ({ to: { ...pod!, spec: { count: to } } }));
      const at = async (revision: number): Promise<string[]> =>
        (await forgetful.list({ resource: 'pods', revision, match: 'exact' })).items.map(told);
      await create('default/a', 'default/b');
      await store.create({ resource: 'nodes', namespace: '', name: 'a' }, podOf('a'));
      await forgetful.get(keyOf('b'));
      await count('a', 1);
      await forgetful.delete(keyOf('b'));
      await forgetful.create(keyOf('c'), podOf('c'));
      for (let to = 2; to < 8; to++) await count('a', to);
      expect(await at(1)).toEqual(['a@1']);
      expect(await at(3)).toEqual(['a@1', 'b@2']);
      expect(await at(5)).toEqual(['a@4']);
      expect(await at(9)).toEqual(['a@9', 'c@6']);
      await forgetful.compact(5);
      expect(await at(5)).toEqual(['a@4']);
      await expect(at(4)).rejects.toMatchObject({ reason: 'Expired' });
    });

    it('answers 410 for a compacted revision and 504 for one that does not come', async () => {
      await create('default/a', 'default/b', 'default/c');
      await store.compact(2);
      await expect(list({ revision: 2, match: 'exact' })).resolves.toMatchObject({ revision: 2 });
      await expect(list({ revision: 1, match: 'exact' })).rejects.toMatchObject({
        reason: 'Expired',
        code: 410,
        message: 'The resourceVersion for the provided list is too old.',
      });
      const future = list({ revision: 99 });
      future.catch(() => undefined);
      await clock.advance(3000);
      await expect(future).rejects.toMatchObject(tooLargeRevision);
    });
  });

  describe('pages', () => {
    it('show one state, however it changes meanwhile', async () => {
      await create('a/1', 'a/2', 'b/1', 'b/2', 'b/3');
      const first = await list({ limit: 2 });
      expect([names(first), first.remainingItemCount, first.revision]).toEqual([['a/1', 'a/2'], 3, 5]);
      await store.delete(keyOf('1', 'b'));
      await create('b/0');
      const second = await list({ limit: 2, continue: first.continue! });
      expect([names(second), second.remainingItemCount, second.revision]).toEqual([['b/1', 'b/2'], 1, 5]);
      const third = await list({ limit: 2, continue: second.continue! });
      expect([names(third), third.continue, third.remainingItemCount]).toEqual([['b/3'], undefined, undefined]);
    });

    it('stay within their namespace', async () => {
      await create('a/1', 'a/2', 'a/3', 'b/1');
      const first = await list({ namespace: 'a', limit: 1 });
      expect([names(first), first.remainingItemCount]).toEqual([['a/1'], 2]);
      const rest = await list({ namespace: 'a', limit: 5, continue: first.continue! });
      expect([names(rest), rest.continue]).toEqual([['a/2', 'a/3'], undefined]);
    });

    it('do not count what is left of a selection', async () => {
      await create('default/a', 'default/b', 'default/c');
      const selection = { fields: parseFieldSelector('spec.nodeName=') };
      const first = await list({ limit: 2, selection });
      expect([names(first), first.remainingItemCount]).toEqual([['default/a', 'default/b'], undefined]);
      expect(names(await list({ limit: 2, selection, continue: first.continue! }))).toEqual(['default/c']);
    });

    it('have no limit for revision 0, and are exact for any other', async () => {
      await create('default/a', 'default/b', 'default/c');
      expect(names(await list({ limit: 1, revision: 0 }))).toHaveLength(3);
      expect(await list({ limit: 1, revision: 1 })).toMatchObject({ revision: 1, items: { length: 1 } });
    });

    it('have tokens in the form of upstream', async () => {
      await create('a/1', 'a/2');
      const { continue: across = '' } = await list({ limit: 1 });
      const { continue: inside = '' } = await list({ namespace: 'a', limit: 1 });
      const content = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
      expect(content(across)).toEqual({ v: 'meta.k8s.io/v1', rv: 2, start: 'a/1\0' });
      expect(content(inside)).toEqual({ v: 'meta.k8s.io/v1', rv: 2, start: '1\0' });
    });

    it('go on at the latest state with the token that an expired one is answered with', async () => {
      await create('default/a', 'default/b', 'default/c');
      const { continue: old = '' } = await list({ limit: 1 });
      await store.delete(keyOf('b'));
      await store.compact(store.revision);
      const expired = await list({ limit: 1, continue: old }).catch((err: unknown) => err);
      expect(expired).toMatchObject({ reason: 'Expired', code: 410 });
      const fresh = (expired as { status: { metadata: { continue: string } } }).status.metadata.continue;
      const rest = await list({ limit: 1, continue: fresh });
      expect([names(rest), rest.revision, rest.continue]).toEqual([['default/c'], 4, undefined]);
    });

    it.each([-2, -(2 ** 53)])('are of the latest state with a token of revision %d', async (rv) => {
      await create('default/a', 'default/b');
      const listed = await list({ limit: 1, continue: token({ v: 'meta.k8s.io/v1', rv, start: 'default/a\0' }) });
      expect([names(listed), listed.revision]).toEqual([['default/b'], 2]);
    });

    it('begin anew with a token whose key is the root of what is listed', async () => {
      await create('default/a', 'default/b');
      const listed = await list({ continue: token({ v: 'meta.k8s.io/v1', rv: 2, start: '/', other: {} }) });
      expect(names(listed)).toEqual(['default/a', 'default/b']);
    });

    it('give up on a token of a revision that does not come, for good', async () => {
      const future = list({ continue: token({ v: 'meta.k8s.io/v1', rv: 99, start: 'a' }) });
      future.catch(() => undefined);
      await clock.advance(3000);
      const err = (await future.catch((thrown: unknown) => thrown)) as StatusError;
      expect(err.status).toMatchObject({
        code: 504,
        message: 'Timeout: Too large resource version: 99, current: 0',
        details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
      });
      expect(err.status.details).not.toHaveProperty('retryAfterSeconds');
    });

    const v = 'meta.k8s.io/v1';
    it.each([
      ['not base64', '%%%', 'continue key is not valid: illegal base64 data at input byte 0'],
      ['not base64 at its end', 'garbage!', 'continue key is not valid: illegal base64 data at input byte 7'],
      ['not JSON', 'abc', "continue key is not valid: invalid character 'i' looking for beginning of value"],
      ['no object', 'W10', 'continue key is not valid: json: cannot unmarshal array into Go value of type storage'],
      [
        'of another version',
        token({ v: 'v9', rv: 1, start: 'a' }),
        'server does not recognize this encoded version v9',
      ],
      [
        'without a revision',
        token({ v, start: 'a' }),
        'incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
      ],
      [
        'with revision 0',
        token({ v, rv: 0, start: 'a' }),
        'incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
      ],
      [
        'with a revision that is text',
        token({ v, rv: '1', start: 'a' }),
        'continue key is not valid: json: cannot unmarshal string into Go struct field continueToken.rv of type int64',
      ],
      [
        'with half a revision',
        token({ v, rv: 1.5, start: 'a' }),
        'json: cannot unmarshal number 1.5 into Go struct field continueToken.rv of type int64',
      ],
      [
        'with a key that is none',
        token({ v, rv: 1, start: ['a'] }),
        'json: cannot unmarshal array into Go struct field continueToken.start of type string',
      ],
      ['without a key', token({ v, rv: 1 }), 'encoded start key empty (version meta.k8s.io/v1)'],
      ['climbing', token({ v, rv: 1, start: '../secrets/a' }), 'continue key is not valid: ../secrets/a'],
      ['climbing from inside', token({ v, rv: 1, start: 'a/../../b' }), 'continue key is not valid: a/../../b'],
    ])('refuse a token that is %s', async (_, text, message) => {
      await expect(list({ continue: text })).rejects.toMatchObject({
        reason: 'BadRequest',
        code: 400,
        message: expect.stringMatching(
          new RegExp(`^invalid continue token: .*${message.replaceAll(/[.()/]/g, '\\$&')}`),
        ) as string,
      });
    });
  });

  it('shares one question about the newest revision among all who read at that moment', async () => {
    await create('default/a');
    const listed = await Promise.all(Array.from({ length: 50 }, () => list()));
    expect(new Set(listed.map(({ revision }) => revision))).toEqual(new Set([1]));
    await until(() => store.revision === 1);
  });
}
