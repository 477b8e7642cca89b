import { createServer, type AddressInfo } from 'node:net';
import { layoutOf } from './layout';
import { checkPorts, portsOf } from './ports';

const layoutAt = (portOffset: number): ReturnType<typeof layoutOf> =>
  layoutOf({ dataDir: '/data', portOffset, nodes: 3, runtime: 'simulated', verbosity: 0 });

describe('ports', () => {
  it('are each wanted by one program only', () => {
    const wanted = portsOf(layoutAt(0)).map(({ port, protocol }) => `${port}/${protocol}`);
    expect(new Set(wanted).size).toBe(wanted.length);
  });

  it('that another program has are an error, unless that program is ours', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address() as AddressInfo;
    const layout = { ...layoutAt(0), nodes: [], ports: { ...layoutAt(42_000).ports, apiserver: port } };
    await expect(checkPorts(layout, new Set())).rejects.toThrow(`port ${port} (tcp), which apiserver needs, is taken`);
    await checkPorts(layout, new Set(['apiserver']));
    server.close();
  });
});
