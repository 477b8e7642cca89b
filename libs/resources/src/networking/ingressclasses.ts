import { dns1123Label, dns1123Subdomain, domainPrefixedPath, pathSegment } from '@kubephant/api';
import type { IngressClass, IngressClassParametersReference } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, orNone, text } from '../print/columns';
import { forbidden, invalidValue, required, tooLongValue, type Causes } from '../validation/causes';
import { follows, immutable, oneOf, optional, requiredAnd, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const controllerPath = at('spec', 'controller');
const maxControllerBytes = 250;

function validateController(controller: string | undefined): Causes {
  if (!controller) return [required(controllerPath)];
  return [
    ...when(Buffer.byteLength(controller) > maxControllerBytes, () => tooLongValue(controllerPath, maxControllerBytes)),
    ...domainPrefixedPath(controller).map(({ value, message }) => invalidValue(controllerPath, value, message)),
  ];
}

/** A namespace is named exactly when the parameters lie in one. */
function validateScope({ scope, namespace }: IngressClassParametersReference, path: Path): Causes {
  const where = path.child('namespace');
  if (scope === 'Namespace') {
    if (namespace === undefined) return [required(where, "`parameters.scope` is set to 'Namespace'")];
    return follows(namespace, where, dns1123Label);
  }
  if (scope === 'Cluster') {
    return when(namespace !== undefined, () => forbidden(where, "`parameters.scope` is set to 'Cluster'"));
  }
  if (scope === undefined) return [required(path.child('scope'))];
  return oneOf(scope, path.child('scope'), ['Cluster', 'Namespace']);
}

function validateParameters(parameters: IngressClassParametersReference, path: Path): Causes {
  return [
    ...optional(parameters.apiGroup, path.child('apiGroup'), (group, where) =>
      follows(group, where, (name) => dns1123Subdomain(name)),
    ),
    ...requiredAnd(parameters.kind, path.child('kind'), pathSegment),
    ...requiredAnd(parameters.name, path.child('name'), pathSegment),
    ...validateScope(parameters, path),
  ];
}

const validate = ({ spec: { controller, parameters } }: IngressClass): Causes => [
  ...validateController(controller),
  ...optional(parameters, at('spec', 'parameters'), validateParameters),
];

function parametersText({ spec: { parameters } }: IngressClass): string {
  if (!parameters) return orNone(undefined);
  const { apiGroup, kind, name } = parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}

export const ingressClasses: ResourceDefinition = defineResource<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  scope: 'Cluster',
  names: { plural: 'ingressclasses', singular: 'ingressclass' },
  schema: 'io.k8s.api.networking.v1.IngressClass',
  generation: true,
  columns: [
    nameColumn,
    text('Controller', 'Who serves the class.', ({ spec }) => spec.controller ?? ''),
    text('Parameters', 'Further parameters of the controller.', parametersText),
    ageColumn,
  ],
  defaults({ spec: { parameters } }) {
    if (parameters) parameters.scope ??= 'Cluster';
  },
  strategy: {
    validate,
    validateUpdate: (ingressClass, old) => [
      ...immutable(ingressClass.spec.controller, old.spec.controller, controllerPath),
      ...validate(ingressClass),
    ],
  },
});
