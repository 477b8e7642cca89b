import { badRequest } from '@kubephant/api';

/** The name segment of a proxy URL: `name`, `name:port` or `scheme:name:port`. */
export interface ProxyId {
  readonly scheme?: 'http' | 'https';
  readonly name: string;
  readonly port?: string;
}

const isScheme = (text: string): text is 'http' | 'https' | '' => text === '' || text === 'http' || text === 'https';

/** Throws BadRequest naming the kind when it is none of the three forms. */
export function parseProxyId(id: string, kind: string): ProxyId {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || scheme === undefined || !isScheme(scheme) || !name) {
    throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  }
  return { ...(scheme && { scheme }), name, ...(port && { port }) };
}

/** How requests may be carried on by a proxy. */
export const proxyVerbs: readonly string[] = ['create', 'delete', 'get', 'patch', 'update'];
