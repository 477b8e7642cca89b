import { badRequest } from '@kubephant/api';
import type { Pod } from '@kubephant/schema';
import type { Subresource } from '../definition';
import { chooseContainer } from './pod-container';
import { parseProxyId, proxyVerbs } from './proxy-id';

type Connect = Extract<Subresource<Pod>, { kind: 'connect' }>;

/** Streams by the names the kubelet gives them. */
const streams = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' } as const;

const isTrue = (value: string | null): boolean => value !== null && value !== '0' && value.toLowerCase() !== 'false';

function streamQuery(query: URLSearchParams): URLSearchParams {
  const passed = new URLSearchParams();
  for (const [name, kubelet] of Object.entries(streams)) if (isTrue(query.get(name))) passed.set(kubelet, '1');
  for (const word of query.getAll('command')) passed.append('command', word);
  return passed;
}

function nodeOf({ metadata, spec }: Pod): string {
  if (spec.nodeName) return spec.nodeName;
  throw badRequest(`pod ${metadata.name} does not have a host assigned`);
}

const pathOf = ({ metadata: { namespace = '', name } }: Pod): string => `${namespace}/${name}`;

const session = (verb: 'exec' | 'attach', input: string): Connect => ({
  kind: 'connect',
  verbs: ['create', 'get'],
  input,
  location(pod, query) {
    const container = chooseContainer(pod, query.get('container') ?? '');
    return { node: nodeOf(pod), path: `/${verb}/${pathOf(pod)}/${container}`, query: streamQuery(query) };
  },
});

/** Runs a command in a container. */
export const exec: Connect = session('exec', 'PodExecOptions');

/** Joins the streams of a container's main process. */
export const attach: Connect = session('attach', 'PodAttachOptions');

/** Carries connections to ports of a pod. */
export const portforward: Connect = {
  kind: 'connect',
  verbs: ['create', 'get'],
  input: 'PodPortForwardOptions',
  location(pod, query) {
    const ports = query.getAll('ports').flatMap((list) => list.split(','));
    return {
      node: nodeOf(pod),
      path: `/portForward/${pathOf(pod)}`,
      query: new URLSearchParams(ports.filter(Boolean).map((port): [string, string] => ['port', port])),
    };
  },
};

const addressOf = ({ status }: Pod): string => status?.podIPs?.[0]?.ip ?? status?.podIP ?? '';

function portOf({ spec }: Pod): string | undefined {
  const port = spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  return port === undefined ? undefined : String(port);
}

/** Carries requests to a port of a pod, by default the first its containers name. */
export const proxy: Connect = {
  kind: 'connect',
  verbs: proxyVerbs,
  input: 'PodProxyOptions',
  nameOf: (id) => parseProxyId(id, 'pod').name,
  location(pod, query, request) {
    const { scheme, port = portOf(pod) } = parseProxyId(request?.id ?? pod.metadata.name, 'pod');
    return { host: addressOf(pod), ...(port && { port }), ...(scheme && { scheme }), path: request?.path ?? '', query };
  },
};
