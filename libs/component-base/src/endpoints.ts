import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Client } from '@kubephant/client';
import { serve, type RunningServer, type TlsOptions } from '@kubephant/http-express';
import {
  componentHandler,
  newDelegatedAccess,
  withDelegatedAccess,
  withStatus,
  type HealthCheck,
} from '@kubephant/serving';
import { wholeNumber, type ComponentContext } from './run-component';

export interface EndpointOptions {
  readonly host: string;
  readonly port: number;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly readyz?: readonly HealthCheck[];
  /** Who may see more than health is asked of the API server; absent: everybody who can connect may. */
  readonly access?: Access;
}

interface Access {
  /** PEM of the authorities whose client certificates count. */
  readonly clientCaFile: string;
  readonly client: Client;
}

/** Flags of a program's secure port, and what `serveEndpoints` makes of them. */
export interface SecurePortOptions {
  readonly bindAddress: string;
  readonly securePort: number;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  readonly clientCaFile?: string;
}

export function securePortFlags(command: Command, port: number): Command {
  return command
    .option('--bind-address <address>', 'where metrics and health are served', '127.0.0.1')
    .option('--secure-port <port>', 'its port', wholeNumber, port)
    .option('--tls-cert-file <file>', 'certificate of that port')
    .option('--tls-private-key-file <file>', 'its key')
    .option('--client-ca-file <file>', 'authorities of client certificates; with it, metrics need authorization');
}

export function securePort(options: SecurePortOptions, client: Client): EndpointOptions {
  const { bindAddress: host, securePort: port, tlsCertFile, tlsPrivateKeyFile, clientCaFile } = options;
  return {
    host,
    port,
    ...(tlsCertFile !== undefined && { certFile: tlsCertFile }),
    ...(tlsPrivateKeyFile !== undefined && { keyFile: tlsPrivateKeyFile }),
    ...(clientCaFile !== undefined && { access: { clientCaFile, client } }),
  };
}

/** Serves /metrics, /healthz, /livez, /readyz and /version until aborted: over TLS when there is a certificate. */
export async function serveEndpoints(
  options: EndpointOptions,
  { metrics, log, clock, signal }: ComponentContext,
): Promise<RunningServer> {
  const { host, port, access, readyz = [] } = options;
  const endpoints = componentHandler({ metrics, readyz });
  const guarded = access
    ? withStatus(log)(withDelegatedAccess(newDelegatedAccess({ client: access.client, clock }))(endpoints))
    : endpoints;
  const tls = await readTls(options);
  const server = await serve(guarded, { host, port, log, ...(tls && { tls }) }, signal);
  log.info('serving metrics and health', { host, port: server.port, tls: tls !== undefined });
  return server;
}

async function readTls({ certFile, keyFile, access }: EndpointOptions): Promise<TlsOptions | undefined> {
  if (certFile === undefined || keyFile === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return access ? { cert, key, clientCa: await readFile(access.clientCaFile, 'utf8') } : { cert, key };
}

/** `1.2.3.4:80` or `[::1]:80` as upstream's bind-address flags take it. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (!found) throw new Error(`${JSON.stringify(text)} is not an address with a port`);
  return { host: found[1] ?? found[2] ?? '', port: Number(found[3]) };
}
