import type { Command } from 'commander';
import { defaultPlugins, pluginTable } from '@kubephant/apiserver';
import { boolean, wholeNumber } from '@kubephant/component-base';

export interface Options {
  readonly bindAddress: string;
  readonly securePort: number;
  readonly advertiseAddress: string;
  readonly tlsCertFile: string;
  readonly tlsPrivateKeyFile: string;
  readonly clientCaFile: string;
  readonly tokenAuthFile?: string;
  readonly serviceAccountIssuer: string;
  readonly serviceAccountKeyFile: readonly string[];
  readonly serviceAccountSigningKeyFile: string;
  readonly apiAudiences?: readonly string[];
  readonly kubeletClientCertificate?: string;
  readonly kubeletClientKey?: string;
  readonly kubeletCertificateAuthority?: string;
  readonly kubeletPreferredAddressTypes: readonly string[];
  readonly proxyClientCertFile?: string;
  readonly proxyClientKeyFile?: string;
  readonly requestheaderClientCaFile?: string;
  readonly requestheaderAllowedNames: readonly string[];
  readonly requestheaderUsernameHeaders: readonly string[];
  readonly requestheaderUidHeaders: readonly string[];
  readonly requestheaderGroupHeaders: readonly string[];
  readonly requestheaderExtraHeadersPrefix: readonly string[];
  readonly authorizationMode: readonly string[];
  readonly anonymousAuth: boolean;
  readonly enableAdmissionPlugins: readonly string[];
  readonly disableAdmissionPlugins: readonly string[];
  readonly admissionControlConfigFile?: string;
  readonly serviceClusterIpRange: string;
  readonly serviceNodePortRange: string;
  readonly databaseUrl?: string;
  readonly databaseUrlFile?: string;
}

const list = (text: string): string[] => text.split(',').filter(Boolean);
const collect = (file: string, files: readonly string[]): string[] => [...files, file];

const pluginsHelp = (what: string): string =>
  `admission plugins that ${what}; those that run are ${defaultPlugins.join(', ')}; ` +
  `all are ${pluginTable.map(({ name }) => name).join(', ')}`;

/** The flags, by upstream's names where upstream has them. */
export function flags(command: Command): Command {
  return command
    .option('--bind-address <ip>', 'address to listen on', '0.0.0.0')
    .option('--secure-port <port>', 'port to listen on', wholeNumber, 6443)
    .requiredOption('--advertise-address <ip>', 'address by which the cluster reaches this server')
    .requiredOption('--tls-cert-file <file>', 'certificate of the server')
    .requiredOption('--tls-private-key-file <file>', 'its key')
    .requiredOption('--client-ca-file <file>', 'authorities whose client certificates are trusted')
    .option('--token-auth-file <file>', 'bearer tokens, one per line: token,user,uid,"group1,group2"')
    .option('--service-account-issuer <url>', 'issuer of service account tokens', 'https://kubernetes.default.svc')
    .option('--service-account-key-file <file>', 'key that verifies service account tokens; repeatable', collect, [])
    .requiredOption('--service-account-signing-key-file <file>', 'private key that signs them')
    .option('--api-audiences <list>', 'audiences accepted in tokens; default: the issuer', list)
    .option('--kubelet-client-certificate <file>', 'certificate shown to kubelets')
    .option('--kubelet-client-key <file>', 'its key')
    .option('--kubelet-certificate-authority <file>', 'authority of kubelets’ certificates; else not verified')
    .option('--kubelet-preferred-address-types <list>', 'node addresses to try, best first', list, [
      'InternalIP',
      'ExternalIP',
      'Hostname',
    ])
    .option('--proxy-client-cert-file <file>', 'certificate shown to extension API servers')
    .option('--proxy-client-key-file <file>', 'its key')
    .option('--requestheader-client-ca-file <file>', 'authorities of proxies that say in header fields who asks')
    .option('--requestheader-allowed-names <list>', 'common names of such proxies; default: any', list, [])
    .option('--requestheader-username-headers <list>', 'where they say the user', list, ['X-Remote-User'])
    .option('--requestheader-uid-headers <list>', 'where they say the uid', list, ['X-Remote-Uid'])
    .option('--requestheader-group-headers <list>', 'where they say the groups', list, ['X-Remote-Group'])
    .option('--requestheader-extra-headers-prefix <list>', 'with what more begins', list, ['X-Remote-Extra-'])
    .option('--authorization-mode <list>', 'Node, RBAC, AlwaysAllow, AlwaysDeny', list, ['Node', 'RBAC'])
    .option('--anonymous-auth <bool>', 'whether requests without credentials are served', boolean, true)
    .option('--enable-admission-plugins <list>', pluginsHelp('run besides those that do'), list, [])
    .option('--disable-admission-plugins <list>', pluginsHelp('do not run, though they would'), list, [])
    .option('--admission-control-config-file <file>', 'how admission plugins are configured')
    .option('--service-cluster-ip-range <cidr>', 'addresses of services', '10.96.0.0/16')
    .option('--service-node-port-range <range>', 'node ports of services', '30000-32767')
    .option('--database-url <url>', 'PostgreSQL to store in; better --database-url-file, which keeps it out of ps')
    .option('--database-url-file <file>', 'file with that URL');
}
