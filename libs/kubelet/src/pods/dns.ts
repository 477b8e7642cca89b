import type { DnsConfig } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';

export interface DnsSettings {
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The node's own resolv.conf. */
  readonly host: DnsConfig;
}

const maxNameservers = 3;
const maxSearches = 32;

/** What the lines of a resolv.conf say. */
export function parseResolvConf(text: string): DnsConfig {
  const servers: string[] = [];
  let searches: string[] = [];
  let options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'nameserver' && values[0] !== undefined) servers.push(values[0]);
    if (keyword === 'search') searches = values.map((domain) => domain.replace(/(?<=.)\.$/, ''));
    if (keyword === 'options') options = values;
  }
  return { servers, searches, options };
}

/** The resolver of a pod (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy). */
export function podDns(pod: Pod, settings: DnsSettings): DnsConfig {
  const base = baseDns(pod, settings);
  const { nameservers = [], searches = [], options = [] } = pod.spec.dnsConfig ?? {};
  const merged = new Map(base.options.map((option) => [option.split(':')[0] ?? '', option]));
  for (const { name = '', value } of options) merged.set(name, value ? `${name}:${value}` : name);
  return {
    servers: unique([...base.servers, ...nameservers]).slice(0, maxNameservers),
    searches: unique([...base.searches, ...searches]).slice(0, maxSearches),
    options: [...merged.values()],
  };
}

function baseDns(pod: Pod, { clusterDns, clusterDomain, host }: DnsSettings): DnsConfig {
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false } = pod.spec;
  if (dnsPolicy === 'None') return { servers: [], searches: [], options: [] };
  const inCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  if (!inCluster || clusterDns.length === 0) return host;
  const namespace = pod.metadata.namespace ?? '';
  const domains = clusterDomain ? [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : [];
  return { servers: clusterDns, searches: unique([...domains, ...host.searches]), options: ['ndots:5'] };
}

const unique = (items: readonly string[]): string[] => [...new Set(items)];

/** What a pod's hostname is; `fqdn` where it has a subdomain. Empty in the host's network. */
export function podHostname(
  pod: Pod,
  clusterDomain: string,
): { readonly hostname: string; readonly fqdn: string | undefined } {
  const { hostname, subdomain, hostnameOverride } = pod.spec;
  if (hostnameOverride) return { hostname: hostnameOverride, fqdn: undefined };
  const short = (hostname ?? pod.metadata.name).slice(0, 63).replace(/[-.]+$/, '');
  const domain = subdomain && `${subdomain}.${pod.metadata.namespace ?? ''}.svc.${clusterDomain}`;
  return { hostname: short, fqdn: domain ? `${short}.${domain}` : undefined };
}

/** /etc/hosts of a pod. In the host's network it is the node's own, with the pod's aliases after it. */
export function etcHosts(
  pod: Pod,
  podIPs: readonly string[],
  names: { readonly hostname: string; readonly fqdn: string | undefined },
  hostFile?: string,
): string {
  const aliases = (pod.spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`);
  const added = aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '';
  if (hostFile !== undefined) return `# Kubernetes-managed hosts file (host network).\n${hostFile}${added}`;
  const own = podIPs.map((ip) => `${ip}\t${names.fqdn ? `${names.fqdn}\t` : ''}${names.hostname}\n`);
  return `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${own.join('')}${added}`;
}
