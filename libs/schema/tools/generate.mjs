// Writes src/generated/: types.ts (TypeScript interfaces of all definitions) and descriptions.json (what fields mean,
// for OpenAPI and `kubectl explain`). Run by `npm run generate`.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readDescriptions } from './descriptions.mjs';
import { typeNames } from './names.mjs';
import { renderTypes } from './types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The project's own registry, bundled first: Node alone does not resolve its extensionless imports. */
async function loadRegistry() {
  const folder = await mkdtemp(join(tmpdir(), 'kubephant-schema-'));
  try {
    const outfile = join(folder, 'registry.mjs');
    await build({ entryPoints: [`${root}src/registry.ts`], outfile, bundle: true, format: 'esm', platform: 'node' });
    return (await import(outfile)).schemas;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const schemas = await loadRegistry();
const names = typeNames(schemas);
const descriptions = await readDescriptions(schemas);
await mkdir(`${root}src/generated`, { recursive: true });
await writeFile(`${root}src/generated/types.ts`, renderTypes(schemas, names, descriptions));
await writeFile(`${root}src/generated/descriptions.json`, `${JSON.stringify(descriptions)}\n`);
