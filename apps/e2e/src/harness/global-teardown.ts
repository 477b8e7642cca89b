import { kubephant } from './cluster';

export default async function globalTeardown(): Promise<void> {
  const { code, stdout, stderr } = await kubephant('down');
  if (code !== 0) throw new Error(`kubephant down failed:\n${stdout}${stderr}`);
}
