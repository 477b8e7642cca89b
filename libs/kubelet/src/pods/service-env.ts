import { parseIP } from '@kubephant/api';
import type { Service } from '@kubephant/schema';

/**
 * Variables that tell a container of the Services of its namespace, and of `kubernetes` in the default one, in the form
 * Docker links had (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 * Without `links` only those of the API server itself.
 */
export function serviceEnvironment(
  services: readonly Service[],
  namespace: string,
  links: boolean,
): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  const wanted = services.filter(({ metadata, spec }) => {
    if (!spec.clusterIP || parseIP(spec.clusterIP) === undefined) return false;
    const master = metadata.namespace === 'default' && metadata.name === 'kubernetes';
    return master || (links && metadata.namespace === namespace);
  });
  for (const service of wanted) addService(env, service);
  return env;
}

function addService(env: Map<string, string>, { metadata, spec }: Service): void {
  const name = metadata.name.toUpperCase().replaceAll('-', '_');
  const ip = spec.clusterIP ?? '';
  const ports = spec.ports ?? [];
  const host = ip.includes(':') ? `[${ip}]` : ip;
  env.set(`${name}_SERVICE_HOST`, ip);
  ports.forEach((port, i) => {
    if (i === 0) env.set(`${name}_SERVICE_PORT`, String(port.port));
    if (port.name) env.set(`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`, String(port.port));
  });
  ports.forEach((port, i) => {
    const protocol = port.protocol ?? 'TCP';
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    const url = `${protocol.toLowerCase()}://${host}:${port.port}`;
    if (i === 0) env.set(`${name}_PORT`, url);
    env.set(prefix, url);
    env.set(`${prefix}_PROTO`, protocol.toLowerCase());
    env.set(`${prefix}_PORT`, String(port.port));
    env.set(`${prefix}_ADDR`, ip);
  });
}
