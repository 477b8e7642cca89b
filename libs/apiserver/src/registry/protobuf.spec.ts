import { decodeProtobuf } from '@kubephant/schema';
import { protobufOf } from './protobuf';

describe('the protobuf form', () => {
  it.each<object>([
    { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
    { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
    { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { b: 'c' } },
  ])('of %j says the same', (object) => {
    expect(decodeProtobuf(Buffer.from(protobufOf(object)!)).object).toMatchObject(withoutEmpty(object));
  });

  it('of a table there is none', () => {
    expect(protobufOf({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [] })).toBeUndefined();
  });
});

/** Empty lists are not written. */
const withoutEmpty = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => !Array.isArray(value) || value.length > 0));
