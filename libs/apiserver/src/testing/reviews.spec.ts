import { startTestServer, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const access = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
const spec = { user: 'u', resourceAttributes: { verb: 'get', resource: 'pods' } };

describe('a review', () => {
  it('says who wrote what it asks', async () => {
    const { body } = await server.ask(`POST ${access}?fieldManager=me`, { body: { spec } });
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'authorization.k8s.io/v1',
        time: expect.any(String) as string,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:resourceAttributes': { '.': {}, 'f:resource': {}, 'f:verb': {} }, 'f:user': {} } },
      },
    ]);
  });

  it('that is none names no kind', async () => {
    const { body } = await server.ask(`POST ${access}`, { body: { spec: { user: 'u' } } });
    expect(body.message).toMatch(/^\.authorization\.k8s\.io "" is invalid: /);
    expect(Object.keys(body.details as object)).toEqual(['group', 'causes']);
  });

  it('is read strictly where that is asked', async () => {
    const { body } = await server.ask(`POST ${access}?fieldValidation=Strict`, { body: { spec, colour: 'blue' } });
    expect(body).toMatchObject({ code: 400, message: expect.stringContaining('unknown field "colour"') as string });
  });

  it('has no columns to be printed in', async () => {
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const ask = (accept: string) => server.ask(`POST ${access}`, { body: { spec }, headers: { accept } });
    expect((await ask(table)).body).toMatchObject({ code: 406, reason: 'NotAcceptable' });
    expect((await ask(`${table},application/json`)).body).toMatchObject({ kind: 'SubjectAccessReview' });
  });
});
