import { encodeVersion3 } from './version3-protobuf';

const form = {
  type: 'object',
  required: ['n'],
  default: {},
  properties: {
    n: { type: 'integer', format: 'int32', minimum: 1.5, maxLength: 300, default: 2 },
    r: { allOf: [{ $ref: '#/x' }], enum: ['a'], default: 'a' },
  },
  additionalProperties: true,
  'x-kubernetes-action': 'list',
};
const response = { description: 'OK', content: { 'application/json': { schema: { $ref: '#/x' } } } };

it('writes what the type of gnostic reads', () => {
  const bytes = encodeVersion3({
    openapi: '3.0.0',
    info: { title: 'T', version: 'v1' },
    paths: {
      '/a': { get: { operationId: 'o', responses: { '200': response } }, parameters: [{ name: 'p', in: 'path' }] },
    },
    components: { schemas: { x: form }, securitySchemes: { B: { type: 'apiKey', in: 'header', name: 'h' } } },
    security: [{ B: [] }],
  });
  // Read back with github.com/google/gnostic-models v0.7.0.
  expect(bytes.toString('hex')).toMatchInlineSnapshot(
    `"0a05332e302e3012070a015432027631224c0a4a0a022f61124422352a016f4230122e0a0332303012270a250a024f4b1a1f0a1d0a106170706c69636174696f6e2f6a736f6e12090a0712050a03232f786a0b0a090a01701204706174682abb010a9a010a97010a01781291010a8e01ba01016eca01066f626a656374fa01540a310a016e122c0a2a69000000000000f83f78ac02ca0107696e74656765728a02090900000000000000409a0205696e7433320a1f0a0172121a0a18c201051203226122d2010712050a03232f788a02031a016182020210018a0200a2021f0a13782d6b756265726e657465732d616374696f6e12081206226c697374223a1c0a1a0a014212150a130a066170694b65791a0168220668656164657232070a050a01421200"`,
  );
});
