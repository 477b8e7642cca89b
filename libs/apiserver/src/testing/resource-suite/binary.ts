import type { KubeObject } from '@kubephant/api';
import { decodeValue, encodeProtobuf } from '@kubephant/schema';
import { substance } from './facts';
import { contentTypes, type Json, type Subject } from './subject';
import { watched } from './watched';

/** Messages within a message carry no kind of their own. */
function withoutInnerKinds(object: Json): Json {
  const { spec } = object as { spec?: { volumeClaimTemplates?: Json[] } };
  const inner = spec?.volumeClaimTemplates;
  if (!inner) return object;
  return {
    ...object,
    spec: { ...spec, volumeClaimTemplates: inner.map(({ kind: _k, apiVersion: _v, ...rest }) => rest) },
  };
}

/** Protobuf in and out says what JSON says. */
export function binary(subject: () => Subject): void {
  const typed = (object: KubeObject): Json => {
    const { schema } = subject();
    return withoutInnerKinds(decodeValue(schema, object, 'Ignore').object);
  };

  it('takes protobuf as it takes JSON', async () => {
    const { born, gone, askBinary, path, schema, example, read } = subject();
    const fromJson = await born();
    await gone();
    const answer = await askBinary(
      `POST ${path}`,
      encodeProtobuf(schema, decodeValue(schema, example, 'Strict').object),
    );
    const stored = await read();
    expect(substance(stored)).toEqual(substance(fromJson));
    expect(answer).toEqual(typed(stored));
  });

  it('gives protobuf as it gives JSON, alone and in a list', async () => {
    const { born, askBinary, one, path, name } = subject();
    const stored = typed(await born());
    expect(await askBinary(`GET ${one}`)).toEqual(stored);
    const { kind: _kind, apiVersion: _version, ...item } = stored;
    const list = await askBinary(`GET ${path}`);
    expect((list['items'] as KubeObject[]).find(({ metadata }) => metadata.name === name)).toEqual(item);
  });

  it('stores what an update in protobuf says', async () => {
    const { born, askBinary, one, schema, read } = subject();
    const stored = typed(await born());
    const metadata = { ...(stored['metadata'] as Json), labels: { tier: 'binary' } };
    await askBinary(`PUT ${one}`, encodeProtobuf(schema, { ...stored, metadata }));
    expect(substance(await read())).toMatchObject({ metadata: { labels: { tier: 'binary' } } });
  });

  it('watches in protobuf', async () => {
    const it = subject();
    const { body } = await it.ask(`GET ${it.path}`);
    await using watch = await watched(it, `resourceVersion=${body.metadata.resourceVersion}`, contentTypes.protobuf);
    const added = typed(await it.born());
    await it.gone();
    expect((await watch.untilDeleted())[0]).toEqual({ type: 'ADDED', object: added });
  });
}
