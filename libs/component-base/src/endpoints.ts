import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { serve, type RunningServer } from '@kubephant/http-express';
import { componentHandler, type HealthCheck } from '@kubephant/serving';
import { wholeNumber, type ComponentContext } from './run-component';

export interface EndpointOptions {
  readonly host: string;
  readonly port: number;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly readyz?: readonly HealthCheck[];
}

/** Flags of a program's secure port, and what `serveEndpoints` makes of them. */
export interface SecurePortOptions {
  readonly bindAddress: string;
  readonly securePort: number;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
}

export function securePortFlags(command: Command, port: number): Command {
  return command
    .option('--bind-address <address>', 'where metrics and health are served', '127.0.0.1')
    .option('--secure-port <port>', 'its port', wholeNumber, port)
    .option('--tls-cert-file <file>', 'certificate of that port')
    .option('--tls-private-key-file <file>', 'its key');
}

export function securePort({
  bindAddress,
  securePort: port,
  tlsCertFile,
  tlsPrivateKeyFile,
}: SecurePortOptions): EndpointOptions {
  return {
    host: bindAddress,
    port,
    ...(tlsCertFile !== undefined && { certFile: tlsCertFile }),
    ...(tlsPrivateKeyFile !== undefined && { keyFile: tlsPrivateKeyFile }),
  };
}

/** Serves /metrics, /healthz, /livez, /readyz and /version until aborted: over TLS when there is a certificate. */
export async function serveEndpoints(
  options: EndpointOptions,
  { metrics, log, signal }: ComponentContext,
): Promise<RunningServer> {
  const { host, port, certFile, keyFile, readyz = [] } = options;
  const tls =
    certFile && keyFile ? { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') } : undefined;
  const server = await serve(componentHandler({ metrics, readyz }), { host, port, log, ...(tls && { tls }) }, signal);
  log.info('serving metrics and health', { host, port: server.port, tls: tls !== undefined });
  return server;
}

/** `1.2.3.4:80` or `[::1]:80` as upstream's bind-address flags take it. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (!found) throw new Error(`${JSON.stringify(text)} is not an address with a port`);
  return { host: found[1] ?? found[2] ?? '', port: Number(found[3]) };
}
