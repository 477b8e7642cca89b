import type { UserInfo } from '@kubephant/serving';
import type { WriteAttributes, Form } from './attributes';

/** admission.k8s.io/v1 AdmissionRequest but for its uid and the objects. */
export interface RequestFacts {
  readonly kind: object;
  readonly resource: object;
  readonly subResource?: string;
  readonly requestKind: object;
  readonly requestResource: object;
  readonly requestSubResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: string;
  readonly userInfo: object;
  readonly dryRun: boolean;
  readonly options: object | null;
}

const kindOf = ({ group, version, kind }: Form): object => ({ group, version, kind });
const resourceOf = ({ place: { group, version, resource } }: Form): object => ({ group, version, resource });

/** What webhooks and policies are told of a request, seen in one of the forms of its kind. */
export function requestFacts(attributes: WriteAttributes, form: Form): RequestFacts {
  const { info, operation, dryRun, options } = attributes;
  const { subresource } = info;
  return {
    kind: kindOf(form),
    resource: resourceOf(form),
    ...(subresource !== undefined && { subResource: subresource }),
    requestKind: kindOf(attributes.form),
    requestResource: resourceOf(attributes.form),
    ...(subresource !== undefined && { requestSubResource: subresource }),
    ...placeOf(attributes),
    operation,
    userInfo: userInfo(attributes.user),
    dryRun,
    options,
  };
}

/** Name and namespace of what is requested; a namespace is in itself. */
function placeOf({ info, object }: WriteAttributes): Pick<RequestFacts, 'name' | 'namespace'> {
  const name = info.name ?? (object?.metadata as { name?: string } | undefined)?.name;
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  const namespace = info.namespace || (isNamespace ? name : undefined);
  return { ...(name && { name }), ...(namespace && { namespace }) };
}

/** authentication.k8s.io/v1 UserInfo. */
const userInfo = ({ name, uid, groups, extra }: UserInfo): object => ({
  username: name,
  ...(uid && { uid }),
  groups,
  ...(extra && { extra }),
});
