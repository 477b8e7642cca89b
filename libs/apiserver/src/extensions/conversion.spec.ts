import type { KubeObject } from '@kubephant/api';
import type { CustomResourceConversion } from '@kubephant/schema';
import { newConvert, type AskWebhook } from './conversion';

const object = (name: string, apiVersion: string, rest: object = {}): KubeObject => ({
  kind: 'Gear',
  apiVersion,
  metadata: { name, uid: name, resourceVersion: '1' },
  ...rest,
});

const webhook: CustomResourceConversion = {
  strategy: 'Webhook',
  webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://converter.example.com' } },
};

interface Review {
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: KubeObject[] };
}

/** A webhook that answers with what `make` makes of the request. */
const answering =
  (make: (request: Review['request']) => object): AskWebhook =>
  async (_, body) => {
    const { request } = JSON.parse(body.toString()) as Review;
    return Buffer.from(JSON.stringify({ kind: 'ConversionReview', response: make(request) }));
  };

const convertedBy = (change: (object: KubeObject, apiVersion: string) => unknown): AskWebhook =>
  answering(({ uid, objects, desiredAPIVersion }) => ({
    uid,
    result: { status: 'Success' },
    convertedObjects: objects.map((one) => change(one, desiredAPIVersion)),
  }));

const unasked: AskWebhook = async () => {
  throw new Error('nobody was to be asked');
};

describe('versions of a custom resource', () => {
  it('differ in their name alone without a webhook', async () => {
    const convert = newConvert({ strategy: 'None' }, unasked);
    const objects = [object('a', 'g/v1', { spec: { x: 1 } }), object('b', 'g/v2')];
    expect(await convert(objects, 'g/v2')).toEqual([object('a', 'g/v2', { spec: { x: 1 } }), objects[1]]);
  });

  it('are made by the webhook, which is asked only for those that are of another', async () => {
    const asked: string[][] = [];
    const ask = convertedBy((one, apiVersion) => ({ ...one, apiVersion, spec: { renamed: true } }));
    const convert = newConvert(webhook, (config, body) => {
      asked.push((JSON.parse(body.toString()) as Review).request.objects.map(({ metadata }) => metadata.name));
      return ask(config, body);
    });
    const made = await convert([object('a', 'g/v1'), object('b', 'g/v2'), object('c', 'g/v1')], 'g/v2');
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c']);
    expect(made[0]).toMatchObject({ apiVersion: 'g/v2', spec: { renamed: true } });
    expect(asked).toEqual([['a', 'c']]);
  });

  it('keep the metadata that is not the webhook’s to change', async () => {
    const ask = convertedBy((one, apiVersion) => ({
      ...one,
      apiVersion,
      metadata: { ...one.metadata, resourceVersion: '9', finalizers: ['x'], labels: { a: 'b' } },
    }));
    const [made] = await newConvert(webhook, ask)([object('a', 'g/v1')], 'g/v2');
    expect(made?.metadata).toEqual({ name: 'a', uid: 'a', resourceVersion: '1', labels: { a: 'b' } });
  });

  it.each<[string, AskWebhook, string]>([
    ['says no', answering(({ uid }) => ({ uid, result: { status: 'Failure', message: 'not me' } })), 'not me'],
    ['answers another question', answering(() => ({ uid: 'other' })), 'expected response.uid='],
    [
      'loses an object',
      answering(({ uid }) => ({ uid, result: { status: 'Success' }, convertedObjects: [] })),
      'webhook returned 0 objects, expected 1',
    ],
    [
      'makes another version',
      convertedBy((one) => one),
      'invalid converted object at index 0: expected g/v2, Kind=Gear',
    ],
    [
      'renames',
      convertedBy((one, apiVersion) => ({ ...one, apiVersion, metadata: { ...one.metadata, name: 'z' } })),
      'metadata.name and metadata.uid must not be changed',
    ],
    ['answers with something else', async () => Buffer.from('<html>'), 'invalid response: expected a ConversionReview'],
    ['is away', () => Promise.reject(new Error('connection refused')), 'connection refused'],
  ])('cannot be had from a webhook that %s', async (_, ask, why) => {
    const failing = newConvert(webhook, ask)([object('a', 'g/v1')], 'g/v2');
    await expect(failing).rejects.toMatchObject({ status: { reason: 'InternalError' } });
    await expect(newConvert(webhook, ask)([object('a', 'g/v1')], 'g/v2')).rejects.toThrow(why);
  });
});
