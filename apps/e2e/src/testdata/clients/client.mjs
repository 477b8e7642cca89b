// What programs do with @kubernetes/client-node; each part prints what it saw.
import { PassThrough, Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = config.getContextObject(config.currentContext).namespace;
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const objects = k8s.KubernetesObjectApi.makeApiClient(config);
const say = (...words) => console.log(...words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))));
const configMap = (name, data, labels) => ({ metadata: { name, labels }, data });
const as = (patch) => k8s.setHeaderOptions('Content-Type', patch);

/** Resolves when `done` says so of what has been seen. */
function until() {
  const { promise, resolve } = Promise.withResolvers();
  return { promise, check: (done) => done && resolve() };
}

const parts = {
  async list() {
    for (const [name, tier] of [['a', 'front'], ['b', 'back'], ['c', 'front']])
      await core.createNamespacedConfigMap({ namespace, body: configMap(name, { tier }, { tier }) });
    const front = await core.listNamespacedConfigMap({ namespace, labelSelector: 'tier=front' });
    say('front', front.items.map(({ metadata }) => metadata.name), front.items[0].metadata.creationTimestamp instanceof Date);
    const names = [];
    let _continue;
    do {
      const page = await core.listNamespacedConfigMap({ namespace, labelSelector: 'tier', limit: 2, _continue });
      names.push(page.items.map(({ metadata }) => metadata.name));
      _continue = page.metadata._continue;
    } while (_continue);
    say('pages', names);
    const { metadata, data } = await core.readNamespacedConfigMap({ namespace, name: 'a' });
    say('read', metadata.name, data);
    const replaced = await core.replaceNamespacedConfigMap({ namespace, name: 'a', body: configMap('a', { x: 'y' }) });
    say('replaced', replaced.data);
    const gone = await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    say('deleted', gone.status, gone.details.name);
    await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'tier' });
    say('left', (await core.listNamespacedConfigMap({ namespace, labelSelector: 'tier' })).items);
  },

  async watch() {
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const end = until();
    const request = await new k8s.Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata.resourceVersion, allowWatchBookmarks: true },
      (type, object) => {
        say(type, object.metadata.name, object.data);
        end.check(type === 'DELETED');
      },
      (err) => err.name !== 'AbortError' && say('ended', String(err)),
    );
    await core.createNamespacedConfigMap({ namespace, body: configMap('watched', { n: '1' }) });
    const patched = { namespace, name: 'watched', body: { data: { n: '2' } } };
    await core.patchNamespacedConfigMap(patched, as(k8s.PatchStrategy.MergePatch));
    await core.deleteNamespacedConfigMap({ namespace, name: 'watched' });
    await end.promise;
    request.abort();
  },

  async informer() {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const list = () => core.listNamespacedConfigMap({ namespace, labelSelector: 'informed' });
    await core.createNamespacedConfigMap({ namespace, body: configMap('first', {}, { informed: 'yes' }) });
    const informer = k8s.makeInformer(config, path, list, 'informed');
    const [added, updated, deleted] = [until(), until(), until()];
    informer.on('add', ({ metadata }) => (say('add', metadata.name), added.check(metadata.name === 'second')));
    informer.on('update', ({ metadata, data }) => (say('update', metadata.name, data), updated.check(true)));
    informer.on('delete', ({ metadata }) => (say('delete', metadata.name), deleted.check(true)));
    await informer.start();
    await core.createNamespacedConfigMap({ namespace, body: configMap('second', {}, { informed: 'yes' }) });
    await added.promise;
    const body = { data: { n: '1' } };
    await core.patchNamespacedConfigMap({ namespace, name: 'first', body }, as(k8s.PatchStrategy.MergePatch));
    await updated.promise;
    await core.deleteNamespacedConfigMap({ namespace, name: 'second' });
    await deleted.promise;
    say('cached', informer.list().map(({ metadata }) => metadata.name));
    await informer.stop();
  },

  async patch() {
    const container = (name, image) => ({ name, image });
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container('c', 'c:1')] } };
    const spec = { replicas: 0, selector: { matchLabels: { a: 'b' } }, template };
    await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'web' }, spec } });
    const patch = async (strategy, body) => {
      const { spec } = await apps.patchNamespacedDeployment({ namespace, name: 'web', body }, as(strategy));
      say(strategy, spec.template.spec.containers.map(({ name, image }) => `${name}=${image}`));
    };
    const containers = (...list) => ({ spec: { template: { spec: { containers: list } } } });
    await patch(k8s.PatchStrategy.StrategicMergePatch, containers(container('d', 'd:1')));
    await patch(k8s.PatchStrategy.MergePatch, containers(container('c', 'c:2')));
    const path = '/spec/template/spec/containers/0/image';
    await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'replace', path, value: 'c:3' }]);
    const scale = await apps.readNamespacedDeploymentScale({ namespace, name: 'web' });
    say('scale', scale.kind, scale.status);
  },

  async apply() {
    const type = { apiVersion: 'v1', kind: 'ConfigMap' };
    const apply = (data, manager, force) => {
      const object = { ...type, metadata: { name: 'applied', namespace }, data };
      return objects.patch(object, undefined, undefined, manager, force, k8s.PatchStrategy.ServerSideApply);
    };
    const { metadata } = await apply({ color: 'blue' }, 'one');
    say('managers', metadata.managedFields.map(({ manager, operation }) => `${manager} ${operation}`));
    const refused = await apply({ color: 'red' }, 'two').catch((err) => err);
    say(refused.constructor.name, refused.code, JSON.parse(refused.body).message);
    say('forced', (await apply({ color: 'red' }, 'two', true)).data);
    const read = await objects.read({ ...type, metadata: { name: 'applied', namespace } });
    say('read', read.data);
    await objects.delete(read);
  },

  async errors() {
    const failed = async (title, request) => {
      const err = await request.catch((reason) => reason);
      // The client reads no body of an answer that its specification has none for.
      const { reason, message, details } = err.body === undefined ? {} : JSON.parse(err.body);
      say(title, err.constructor.name, err.code, reason ?? '-', message ?? '-', details?.causes?.map(({ field }) => field) ?? []);
    };
    await core.createNamespacedConfigMap({ namespace, body: configMap('taken', {}) });
    await failed('missing', core.readNamespacedConfigMap({ namespace, name: 'none' }));
    await failed('taken', core.createNamespacedConfigMap({ namespace, body: configMap('taken', {}) }));
    await failed('invalid', core.createNamespacedConfigMap({ namespace, body: configMap('Bad', { 'a/b': 'c' }) }));
    await failed('elsewhere', core.createNamespacedConfigMap({ namespace: 'nowhere', body: configMap('a', {}) }));
    const body = { metadata: { name: 'taken', resourceVersion: '1' } };
    await failed('conflict', core.replaceNamespacedConfigMap({ namespace, name: 'taken', body }));
    await failed('selector', core.listNamespacedConfigMap({ namespace, labelSelector: 'a in b' }));
    const somebody = new k8s.KubeConfig();
    somebody.loadFromOptions({
      clusters: config.clusters,
      users: [{ name: 'nobody', token: 'nonsense' }],
      contexts: [{ name: 'c', cluster: config.clusters[0].name, user: 'nobody' }],
      currentContext: 'c',
    });
    await failed('unauthorized', somebody.makeApiClient(k8s.CoreV1Api).listNamespace());
  },

  async pod() {
    const container = { name: 'c', image: 'example.test/c:1', ports: [{ containerPort: 80 }] };
    await core.createNamespacedPod({ namespace, body: { metadata: { name: 'web' }, spec: { containers: [container] } } });
    const running = until();
    const watching = await new k8s.Watch(config).watch(
      `/api/v1/namespaces/${namespace}/pods`,
      { fieldSelector: 'metadata.name=web' },
      (_type, { status }) => running.check(status.phase === 'Running'),
      () => undefined,
    );
    await running.promise;
    watching.abort();
    const seen = [];
    const out = new Writable({ write: (chunk, _encoding, next) => (seen.push(String(chunk)), next()) });
    const command = ['echo', 'hello'];
    const status = await new Promise((resolve, reject) => {
      new k8s.Exec(config).exec(namespace, 'web', 'c', command, out, out, null, false, resolve).catch(reject);
    });
    say('exec', status.status, seen.join(''));
    const log = new PassThrough();
    await new k8s.Log(config).log(namespace, 'web', 'c', log, { follow: false });
    const chunks = [];
    for await (const chunk of log) chunks.push(String(chunk));
    say('log', chunks.join(''));
    await core.deleteNamespacedPod({ namespace, name: 'web', gracePeriodSeconds: 0 });
  },
};

await parts[process.argv[2]]();
