import { toVersion3 } from './version3-from-2';

it('says in version 3 what another server says of its group version in version 2', () => {
  const gadget = { $ref: '#/definitions/Gadget' };
  const document = {
    swagger: '2.0',
    info: { title: 'Gadgets', version: 'v1' },
    paths: {
      '/apis/example.com/v1/gadgets': {
        parameters: [{ name: 'pretty', in: 'query', type: 'string', uniqueItems: true }],
        post: {
          operationId: 'createGadget',
          schemes: ['https'],
          consumes: ['application/json'],
          produces: ['application/json', 'application/yaml'],
          parameters: [{ name: 'body', in: 'body', required: true, schema: gadget }],
          responses: { '200': { description: 'OK', schema: gadget }, '401': { description: 'Unauthorized' } },
        },
      },
      '/version/': { get: {} },
    },
    definitions: { Gadget: { properties: { others: { items: gadget } } } },
  };
  const reference = { schema: { $ref: '#/components/schemas/Gadget' } };
  expect(toVersion3({ prefix: '/apis/example.com/v1/', document })).toEqual({
    openapi: '3.0.0',
    info: { title: 'Gadgets', version: 'v1' },
    paths: {
      '/apis/example.com/v1/gadgets': {
        parameters: [{ name: 'pretty', in: 'query', schema: { type: 'string', uniqueItems: true } }],
        post: {
          operationId: 'createGadget',
          requestBody: { required: true, content: { 'application/json': reference } },
          responses: {
            '200': { description: 'OK', content: { 'application/json': reference, 'application/yaml': reference } },
            '401': { description: 'Unauthorized' },
          },
        },
      },
    },
    components: { schemas: { Gadget: { properties: { others: { items: { $ref: '#/components/schemas/Gadget' } } } } } },
  });
});
