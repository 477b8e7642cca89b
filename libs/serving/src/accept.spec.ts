import { StatusError } from '@kubephant/api';
import { bodyMediaType, negotiate, objectMediaTypes, preferred, watchMediaTypes, type Transform } from './accept';

const table = { kind: 'Table', group: 'meta.k8s.io', version: 'v1' };
const isTable = ({ kind, group, version }: Transform) =>
  kind === 'Table' && group === 'meta.k8s.io' && version === 'v1';
const object = { mediaTypes: objectMediaTypes, transforms: isTable };
const list = { mediaTypes: objectMediaTypes, streams: watchMediaTypes };
const watch = { ...list, watch: true };

const none =
  '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf';
const only = 'only the following media types are accepted: ';
const all = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** What it throws, as [code, message]. */
function refusal(act: () => unknown): [number, string] | undefined {
  try {
    act();
    return undefined;
  } catch (err) {
    return [StatusError.from(err).code, StatusError.from(err).message];
  }
}

describe('negotiate', () => {
  it.each([
    [null, { mediaType: 'application/json' }],
    ['', { mediaType: 'application/json' }],
    ['*/*', { mediaType: 'application/json' }],
    ['application/json;pretty=1', { mediaType: 'application/json' }],
    ['application/json; charset=utf-8', { mediaType: 'application/json' }],
    ['application/json;stream=watch', { mediaType: 'application/json' }],
    ['application/yaml', { mediaType: 'application/yaml' }],
    ['application/json;q=0.5,application/yaml', { mediaType: 'application/yaml' }],
    ['application/yaml;q=0.1,text/html', { mediaType: 'application/yaml' }],
    ['application/vnd.kubernetes.protobuf,application/json', { mediaType: 'application/vnd.kubernetes.protobuf' }],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', { mediaType: 'application/json' }],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', { mediaType: 'application/json', as: table }],
    ['application/json;as=Sofa;v=v1;g=meta.k8s.io,application/json', { mediaType: 'application/json' }],
  ])('%s is understood', (accept, expected) => {
    expect(negotiate(accept, object)).toEqual(expected);
  });

  it.each([
    ['text/html', none],
    ['text/*', none],
    ['application/*', none],
    ['application/cbor', none],
    ['garbage', none],
    [';;;', none],
    ['application/json;as=Table', only + all],
  ])('%s is refused in upstream’s words', (accept, message) => {
    expect(refusal(() => negotiate(accept, object))).toEqual([406, message]);
  });

  it('has no YAML watch', () => {
    const message = `${only}application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`;
    expect(refusal(() => negotiate('application/yaml', watch))).toEqual([406, message]);
    const listed = `${none}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`;
    expect(refusal(() => negotiate('text/html', watch))).toEqual([406, listed]);
    expect(refusal(() => negotiate('text/html', list))).toEqual([406, listed]);
  });

  it('knows no stream but that of a watch', () => {
    expect(refusal(() => negotiate('application/json;stream=x', watch))).toEqual([406, only + all]);
  });
});

describe('preferred', () => {
  it.each([
    [null, 'application/json'],
    ['text/html', 'application/json'],
    ['application/json;as=Table;g=meta.k8s.io;v=v1,application/yaml', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['application/json;q=0.5,application/yaml', 'application/yaml'],
    ['application/vnd.kubernetes.protobuf,application/json', 'application/vnd.kubernetes.protobuf'],
  ])('%s gets %s', (accept, expected) => {
    expect(preferred(accept)).toBe(expected);
  });
});

describe('bodyMediaType', () => {
  it.each([
    [null, 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['application/json;', 'application/json'],
    ['Application/YAML', 'application/yaml'],
  ])('%s is %s', (contentType, expected) => {
    expect(bodyMediaType(contentType)).toBe(expected);
  });

  const unknown = ['text/plain', 'garbage', ';;;', 'application/json; q', 'application/merge-patch+json'];
  it.each(unknown)('%s is refused', (contentType) => {
    const message = `the body of the request was in an unknown format - accepted media types include: ${all}`;
    expect(refusal(() => bodyMediaType(contentType))).toEqual([415, message]);
  });
});
