/** How to trust a server and how to be known to it. PEM throughout. */
export interface TlsConfig {
  readonly certificateAuthority?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Name to verify the certificate against instead of the host. */
  readonly serverName?: string;
  /** Accepts any certificate: for experiments only. */
  readonly insecureSkipVerify?: boolean;
}

/** One API server and one identity. */
export interface ServerConfig {
  /** `https://host:port`, possibly with a path before the API's own. */
  readonly server: string;
  readonly tls: TlsConfig;
  /** The bearer token to send now; asked for each request. */
  readonly token?: () => Promise<string>;
}

/** The same server without any identity: the base for a transport whose identity is a token of its own. */
export function withoutIdentity({ server, tls }: ServerConfig): ServerConfig {
  const { certificate: _, key: __, ...trust } = tls;
  return { server, tls: trust };
}

/** A TlsConfig in the words of node:tls. */
export function tlsOptions({ certificateAuthority, certificate, key, serverName, insecureSkipVerify }: TlsConfig): {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2';
} {
  return {
    ...(certificateAuthority && { ca: certificateAuthority }),
    ...(certificate && { cert: certificate }),
    ...(key && { key }),
    ...(serverName && { servername: serverName }),
    rejectUnauthorized: insecureSkipVerify !== true,
    minVersion: 'TLSv1.2',
  };
}
