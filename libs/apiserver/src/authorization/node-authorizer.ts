import { groupResourceString } from '@kubephant/api';
import type { PolicyRule } from '@kubephant/schema';
import type { Authorizer, Decision, RequestInfo } from '@kubephant/serving';
import { nodeNameOf } from '../authentication/users';
import type { Needed, NodeGraph } from './node-graph';
import { compileRule } from './rules';

/** What is refused, with the reason upstream gives; `true` allows; `''` refuses without a word. */
type Ruling = true | string;
type Rule = (node: string, info: RequestInfo, graph: NodeGraph) => Ruling;

const isolated = (node: string): string => `no relationship found between node '${node}' and this object`;

/** Objects that pods of the node refer to. */
const related =
  (resource: Needed): Rule =>
  (node, { name, namespace = '' }, graph) => {
    if (!name) return 'No Object name found';
    return graph.reaches(node, resource, namespace, name) || isolated(node);
  };

const reading = new Set(['get', 'list', 'watch']);

/** get, and list or watch of one name. */
const readOne =
  (resource: Needed): Rule =>
  (node, info, graph) => {
    if (!reading.has(info.verb)) return 'can only read resources of this type';
    if (info.subresource) return 'cannot read subresource';
    if (!info.namespace) return 'can only read namespaced object of this type';
    return related(resource)(node, info, graph);
  };

const getOne =
  (resource: Needed): Rule =>
  (node, info, graph) => {
    if (info.verb !== 'get') return 'can only get individual resources of this type';
    if (info.subresource) return 'cannot get subresource';
    return related(resource)(node, info, graph);
  };

const claims: Rule = (node, info, graph) => {
  if (info.subresource !== 'status') return getOne('persistentvolumeclaims')(node, info, graph);
  if (info.verb !== 'update' && info.verb !== 'patch') return 'can only get/update/patch this type';
  return related('persistentvolumeclaims')(node, info, graph);
};

const tokens: Rule = (node, info, graph) => {
  if (info.verb !== 'create' || !info.name) return 'can only create tokens for individual service accounts';
  if (info.subresource !== 'token') return 'can only create token subresource of serviceaccount';
  return related('serviceaccounts')(node, info, graph);
};

const owned = new Set(['get', 'create', 'update', 'patch', 'delete']);

/** The name of what is created is not known here: the NodeRestriction admission plugin checks it. */
const leases: Rule = (node, { verb, namespace, name }) => {
  if (!owned.has(verb)) return 'can only get, create, update, patch, or delete a node lease';
  if (namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  return verb === 'create' || name === node || 'can only access node lease with the same name as the requesting node';
};

const csiNodes: Rule = (node, { verb, subresource, name }) => {
  if (!owned.has(verb)) return 'can only get, create, update, patch, or delete a CSINode';
  if (subresource) return 'cannot authorize CSINode subresources';
  return verb === 'create' || name === node || 'can only access CSINode with the same name as the requesting node';
};

const selects = ({ fieldSelector = [] }: RequestInfo, field: string, value: string): boolean =>
  fieldSelector.some((term) => term.path === field && term.operator === '=' && term.value === value);

const nodes: Rule = (node, { verb, name, subresource }) => {
  if (subresource) return (subresource === 'status' && (verb === 'update' || verb === 'patch')) || '';
  if (verb === 'create' || verb === 'update' || verb === 'patch') return true;
  if (!reading.has(verb)) return '';
  if (!name) return `node '${node}' cannot read all nodes, only its own Node object`;
  return name === node || `node '${node}' cannot read '${name}', only its own Node object`;
};

/** Verbs on pods that NodeRestriction limits to pods of the node. */
const podWrites = new Set(['create ', 'delete ', 'update status', 'patch status', 'create eviction']);

const pods: Rule = (node, info, graph) => {
  const { verb, subresource = '', name } = info;
  if (podWrites.has(`${verb} ${subresource}`)) return true;
  if (subresource) return '';
  if (verb === 'get') return related('pods')(node, info, graph);
  if (verb !== 'list' && verb !== 'watch') return '';
  if (selects(info, 'spec.nodeName', node)) return true;
  return name ? related('pods')(node, info, graph) : 'can only list/watch pods with spec.nodeName field selector';
};

const resourceSlices: Rule = (node, info) => {
  if (info.subresource) return 'cannot authorize ResourceSlice subresources';
  if (info.verb === 'create') return true;
  if (!['watch', 'list', 'deletecollection'].includes(info.verb)) return isolated(node);
  const scoped = selects(info, 'spec.nodeName', node);
  return scoped || 'can only list/watch/deletecollection resourceslices with nodeName field selector';
};

/** Resources whose access depends on the node; all others follow the static node rules. */
const subdivided: Readonly<Record<string, Rule>> = {
  secrets: readOne('secrets'),
  configmaps: readOne('configmaps'),
  persistentvolumeclaims: claims,
  'resourceclaims.resource.k8s.io': getOne('resourceclaims'),
  serviceaccounts: tokens,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': csiNodes,
  'resourceslices.resource.k8s.io': resourceSlices,
  nodes,
  pods,
};

/**
 * Lets kubelets do what their node's pods need, and nothing about other nodes (upstream: Node authorizer).
 * `nodeRules` are those of the system:node role, which is bound to nobody.
 */
export function newNodeAuthorizer(graph: NodeGraph, nodeRules: readonly PolicyRule[]): Authorizer {
  const compiled = nodeRules.map(compileRule);
  return {
    async authorize({ user, info }): Promise<Decision> {
      const node = nodeNameOf(user);
      if (node === undefined) return { verdict: 'noOpinion' };
      if (!node) return { verdict: 'noOpinion', reason: `unknown node for user ${JSON.stringify(user.name)}` };
      const key = info.isResourceRequest ? groupResourceString(info) : '';
      const rule = Object.hasOwn(subdivided, key) ? subdivided[key] : undefined;
      const ruling = rule ? rule(node, info, graph) : compiled.some((one) => one.allows(info)) || '';
      if (ruling === true) return { verdict: 'allow' };
      return { verdict: 'noOpinion', ...(ruling && { reason: ruling }) };
    },
  };
}
