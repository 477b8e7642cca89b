import { encodeProtobuf, decodeProtobuf, decodeValue, encodeYaml, schemaOfKind } from '@kubephant/schema';
import { newIncoming } from '@kubephant/serving/testing';
import { adminToken, type TestServer } from '../server';
import { substance } from './facts';
import { contentTypes, type Json } from './subject';

/** Something that is done or answered when it is posted, and never stored. */
export interface CreatedOnly {
  readonly path: string;
  readonly example: Json & { readonly apiVersion: string; readonly kind: string };
  /** What makes the example invalid, and the code that it is refused with. */
  readonly invalid: readonly [change: Json, code: number];
  /** Makes it possible to post the example again. */
  readonly prepare?: (server: TestServer) => Promise<unknown>;
}

/** What a kind promises whose objects are not kept: there is nothing to read, change, watch, select, print or delete. */
export function createdOnlySuite(server: () => TestServer, { path, example, invalid, prepare }: CreatedOnly): void {
  const { apiVersion, kind } = example;
  const post = async (body: object | string, headers = {}) => {
    await prepare?.(server());
    return server().ask(`POST ${path}`, { body, headers });
  };

  describe(`${kind} of ${apiVersion}`, () => {
    it('is answered', async () => {
      const { status, body } = await post(example);
      expect(status).toBe(201);
      expect(['Status', kind]).toContain(body.kind);
    });

    it('is taken in YAML as in JSON', async () => {
      const [json, yaml] = [
        await post(example),
        await post(encodeYaml(example), { 'content-type': 'application/yaml' }),
      ];
      expect(yaml.status).toBe(201);
      expect(answerOf(yaml.body as Json)).toEqual(answerOf(json.body as Json));
    });

    it('is taken and answered in protobuf as in JSON', async () => {
      const json = await post(example);
      await prepare?.(server());
      const schema = schemaOfKind(apiVersion, kind)!;
      const body = Buffer.from(encodeProtobuf(schema, decodeValue(schema, example, 'Strict').object));
      const type = contentTypes.protobuf;
      const headers = { authorization: `Bearer ${adminToken}`, accept: type, 'content-type': type };
      const reply = await server().handler(newIncoming({ method: 'POST', path, headers, body }));
      if (reply.kind !== 'bytes') throw new Error(`no bytes: ${reply.kind}`);
      const answer = decodeProtobuf(Buffer.concat(reply.chunks)).object as Json;
      expect(answerOf(answer)).toEqual(answerOf(json.body as Json));
    });

    it('is refused when it is invalid', async () => {
      const [change, code] = invalid;
      const { body } = await post({ ...example, ...change });
      expect(body).toMatchObject({ kind: 'Status', status: 'Failure', code });
    });

    it.each(['half', 'another kind'])('is refused as %s', async (what) => {
      const body = what === 'half' ? JSON.stringify(example).slice(0, -9) : { ...example, kind: 'Other' };
      expect((await post(body)).body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });

    it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('is not there for %s', async (method) => {
      const { body } = await server().ask(`${method} ${path}`, { body: method === 'GET' ? '' : example });
      expect(body).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
    });
  });
}

/** Without what differs from answer to answer. */
function answerOf(body: Json): Json {
  const { metadata = {}, status, ...rest } = JSON.parse(JSON.stringify(body)) as Json & { metadata?: object };
  const { token: _token, expirationTimestamp: _until, ...told } = (typeof status === 'object' ? status : {}) as Json;
  const { metadata: _metadata, ...said } = substance({ ...rest, metadata } as never);
  return { ...said, ...(typeof status === 'object' ? { status: told } : { status }) };
}
