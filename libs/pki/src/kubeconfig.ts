import type { KeyPair } from './pem';

export interface KubeconfigOptions {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly user: string;
  readonly cluster?: string;
  readonly credentials: KeyPair | { readonly token: string };
}

/** A kubeconfig document (client.authentication v1 Config) with everything inline, as JSON: which is YAML too. */
export function kubeconfig({
  server,
  certificateAuthority,
  user,
  cluster = 'kubephant',
  credentials,
}: KubeconfigOptions): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const context = `${user}@${cluster}`;
  const auth =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': base64(credentials.certificate), 'client-key-data': base64(credentials.key) };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(certificateAuthority) } }],
    users: [{ name: user, user: auth }],
    contexts: [{ name: context, context: { cluster, user } }],
    'current-context': context,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
