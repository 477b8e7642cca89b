import {
  authorizerType,
  namespaceType,
  newEnvironment,
  opaque,
  readType,
  requestType,
  scalar,
  type Environment,
} from '@kubephant/cel';

/** What an expression can refer to besides the request and its objects. */
export interface Reach {
  readonly params?: boolean;
  readonly authorizer?: boolean;
  /** Whether it can make objects and patches. */
  readonly mutation?: boolean;
}

const always = { object: scalar.dyn, oldObject: scalar.dyn, request: requestType, namespaceObject: namespaceType };
const params = { params: scalar.dyn };
const authorizer = {
  authorizer: opaque(authorizerType),
  'authorizer.requestResource': readType('kubernetes.authorization.ResourceCheck'),
};

/** The environment of expressions with this reach. */
export type Environments = (reach: Reach) => Environment;

/** Makes each environment once, for that is dear. */
export function newEnvironments(): Environments {
  const made = new Map<string, Environment>();
  return (reach) => {
    const { mutation = false } = reach;
    const key = [reach.params, reach.authorizer, mutation].map(Boolean).join();
    const known = made.get(key) ?? newEnvironment({ variables: variablesFor(reach), mutation });
    made.set(key, known);
    return known;
  };
}

const variablesFor = (reach: Reach): typeof always => ({
  ...always,
  ...(reach.params && params),
  ...(reach.authorizer && authorizer),
});
