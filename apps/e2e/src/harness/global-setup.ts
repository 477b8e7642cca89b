import { rm } from 'node:fs/promises';
import { dataDir, kubephant, portOffset } from './cluster';

/** A fresh cluster with one node and real containers, brought up the way a user does. */
export default async function globalSetup(): Promise<void> {
  await kubephant('down');
  await rm(dataDir, { recursive: true, force: true });
  const { code, stdout, stderr } = await kubephant('up', `--port-offset=${portOffset}`);
  if (code !== 0) throw new Error(`kubephant up failed:\n${stdout}${stderr}`);
  process.stdout.write(stdout);
}
