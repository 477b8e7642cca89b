import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Layout } from './layout';

/** A port that a program of the cluster listens on, on this machine's own network. */
export interface Port {
  readonly process: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

export function portsOf({ ports, gateway, nodes }: Layout): readonly Port[] {
  const local = '127.0.0.1';
  return [
    { process: 'apiserver', host: '0.0.0.0', port: ports.apiserver, protocol: 'tcp' },
    { process: 'controller-manager', host: local, port: ports.controllerManager, protocol: 'tcp' },
    { process: 'scheduler', host: local, port: ports.scheduler, protocol: 'tcp' },
    { process: 'dns', host: gateway, port: ports.dns, protocol: 'udp' },
    { process: 'dns', host: gateway, port: ports.dns, protocol: 'tcp' },
    { process: 'dns', host: local, port: ports.dnsMetrics, protocol: 'tcp' },
    ...nodes
      .filter(({ namespace }) => namespace === undefined)
      .map(({ name, address: host, kubeletPort: port }) => ({
        process: `kubelet-${name}`,
        host,
        port,
        protocol: 'tcp' as const,
      })),
  ];
}

/** Throws when somebody else listens where a program of ours, which does not run yet, wants to. */
export async function checkPorts(layout: Layout, running: ReadonlySet<string>): Promise<void> {
  for (const port of portsOf(layout)) {
    if (running.has(port.process) || (await isFree(port))) continue;
    throw new Error(
      `port ${port.port} (${port.protocol}), which ${port.process} needs, is taken by another program: choose another --port-offset with another --data-dir, or end that program`,
    );
  }
}

function isFree({ host, port, protocol }: Port): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  // An address that the machine does not have yet is free.
  const failed = (err: NodeJS.ErrnoException): void => resolve(err.code !== 'EADDRINUSE');
  if (protocol === 'udp') {
    const socket = createSocket('udp4');
    socket.once('error', failed);
    socket.bind({ address: host, port }, () => socket.close(() => resolve(true)));
  } else {
    const server = createServer();
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  }
  return promise;
}
