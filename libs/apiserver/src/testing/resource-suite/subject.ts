import { apiVersionOf, type KubeObject } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';
import { edits, examples, mutate, type Edits } from '@kubephant/resources/testing';
import { decodeProtobuf, schemas, type ObjectSchema } from '@kubephant/schema';
import { newIncoming } from '@kubephant/serving/testing';
import { adminToken, type Answered, type Question, type TestServer } from '../server';

export type Json = Record<string, unknown>;

export const contentTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
} as const;

/** One resource of a server, and the object that everything is tried on. */
export interface Subject {
  readonly row: ResourceDefinition;
  readonly schema: ObjectSchema;
  readonly edits: Edits;
  readonly apiVersion: string;
  readonly name: string;
  /** Of the collection, and of the object in it. */
  readonly path: string;
  readonly one: string;
  /** What a client posts. */
  readonly example: Json;
  /** The example after the change that is allowed. */
  readonly changed: Json;
  readonly handler: TestServer['handler'];
  readonly ask: (request: string, question?: Question) => Promise<Answered>;
  /** Asks in protobuf; the body is the message's object. */
  readonly askBinary: (request: string, body?: Uint8Array) => Promise<Json>;
  /** The object as it is stored after it was posted; throws when it is not accepted. */
  readonly born: (draft?: Json) => Promise<KubeObject>;
  readonly read: () => Promise<KubeObject>;
  /** Takes the object away, whatever holds it. */
  readonly gone: () => Promise<void>;
}

export function newSubject(server: TestServer, row: ResourceDefinition): Subject {
  const own = edits[row.schema];
  const valid = examples[row.schema];
  if (!own || !valid) throw new Error(`there is no example of ${row.schema}`);
  const apiVersion = apiVersionOf(row.group, row.version);
  const namespace = row.scope === 'Namespaced' ? 'default' : undefined;
  const metadata = { labels: { tier: 'front' }, ...(valid['metadata'] as { name: string }) };
  const example = { kind: row.kind, apiVersion, ...valid, metadata };
  const root = row.group === '' ? '/api/v1' : `/apis/${apiVersion}`;
  const path = [root, ...(namespace ? ['namespaces', namespace] : []), row.names.plural].join('/');
  const one = `${path}/${metadata.name}`;
  const ask: Subject['ask'] = (request, question) => server.ask(request, question);
  const read = async (): Promise<KubeObject> => expectOk(await ask(`GET ${one}`), 200);
  return {
    row,
    schema: schemas.get(row.schema),
    edits: own,
    apiVersion,
    name: metadata.name,
    path,
    one,
    example,
    changed: mutate(example, own.change) as Json,
    handler: server.handler,
    ask,
    askBinary: async (request, body) => decodeProtobuf(await bytesOf(server, request, body)).object,
    born: async (draft = example) => expectOk(await ask(`POST ${path}`, { body: draft }), 201),
    read,
    gone: () => remove(ask, one),
  };
}

export function expectOk({ status, body }: Answered, wanted: number): KubeObject {
  if (status !== wanted) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as KubeObject;
}

async function bytesOf({ handler }: TestServer, request: string, body?: Uint8Array): Promise<Buffer> {
  const [method = '', path = ''] = request.split(' ');
  const headers = {
    authorization: `Bearer ${adminToken}`,
    accept: contentTypes.protobuf,
    'content-type': contentTypes.protobuf,
  };
  const reply = await handler(newIncoming({ method, path, headers, ...(body && { body }) }));
  if (reply.kind !== 'bytes' || reply.contentType !== contentTypes.protobuf) throw new Error(`no protobuf: ${request}`);
  return Buffer.concat(reply.chunks);
}

/** What waits for a controller that is not there is let go by hand. */
async function remove(ask: Subject['ask'], one: string): Promise<void> {
  await ask(`DELETE ${one}?gracePeriodSeconds=0`);
  const headers = { 'content-type': contentTypes.merge };
  await ask(`PATCH ${one}`, { headers, body: { metadata: { finalizers: null } } });
  const { status, body } = await ask(`GET ${one}`);
  if (status === 200 && body.kind === 'Namespace') {
    await ask(`PUT ${one}/finalize`, { body: { ...body, spec: { finalizers: [] } } });
  }
}
