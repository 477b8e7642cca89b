// Asks a running Prometheus for every expression of every dashboard: each must be understood, each metric it names must
// exist, and with --data each must have an answer. Usage: node grafana/check.mjs http://127.0.0.1:9090 [--data]
import { readFile, readdir } from 'node:fs/promises';

const [, , base = 'http://127.0.0.1:9090', flag] = process.argv;
const folder = new URL('dashboards/', import.meta.url);

async function ask(path) {
  const response = await fetch(new URL(path, base));
  const { status, data, error } = await response.json();
  if (status !== 'success') throw new Error(error);
  return data;
}

/** What is left of an expression without labels, strings and words of the language: names of metrics. */
function metricsOf(expression) {
  const bare = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|group_left|ignoring)\s*\([^)]*\)/g, ' ');
  return bare.match(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b|\bup\b/g)?.filter((name) => name !== 'histogram_quantile') ?? [];
}

const known = new Set(await ask('/api/v1/label/__name__/values'));
const [cluster] = await ask('/api/v1/label/cluster/values');
let failures = 0;
let checked = 0;
for (const file of (await readdir(folder)).sort()) {
  const { panels } = JSON.parse(await readFile(new URL(file, folder), 'utf8'));
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      checked++;
      const query = expr.replaceAll('$cluster', cluster).replaceAll('$node', '.*');
      const missing = metricsOf(expr).filter((name) => !known.has(name));
      const problem = await ask(`/api/v1/query?query=${encodeURIComponent(query)}`).then(
        ({ result }) => (flag === '--data' && result.length === 0 ? 'no data' : undefined),
        (err) => err.message,
      );
      if (missing.length === 0 && problem === undefined) continue;
      failures++;
      console.error(`${file}: ${title}: ${problem ?? ''} ${missing.map((name) => `${name} does not exist`).join(', ')}`);
    }
  }
}
console.log(`${checked} expressions, ${failures} with problems`);
process.exitCode = failures === 0 ? 0 : 1;
