import { readFileSync } from 'node:fs';
import { newRig } from './testing/rig';
import { defaultAdmission } from '../admission';
import { newRegistry } from './registry';
const dir = '/work/shared/reference/oracle/statics/';
const files = (
  process.env['REPLAY'] ??
  'errors.json,errors-query.json,errors-objects.json,errors-fieldvalidation-warnings.json,errors-http.json'
).split(',');
const norm = (s: string) =>
  s
    .replace(/<uid>|[0-9a-f]{8}-[0-9a-f-]{27}/g, 'U')
    .replace(/"?<time>"?|\d{4}-\d\d-\d\dT[\d:]+Z/g, 'T')
    .replace(/\\"resourceVersion\\":\\"\d+\\"/g, 'RV')
    .replace(/record \(\d+\)/, 'record (R)')
    .replace(/current: \d+/, 'current: N')
    .replace(/(Gen_|g{58})[a-z0-9]{5}/g, '$1R')
    .replace(/Invalid value: "\{.*?\}":/g, 'IV');
const sorted = (v: any): string =>
  JSON.stringify(v, (_k, x) =>
    x && typeof x === 'object' && !Array.isArray(x)
      ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1)))
      : x,
  ).replace(/Invalid value: .*?(?=")/, 'IV');
it('replays', async () => {
  for (const file of files) {
    const out: string[] = [];
    const rig = newRig();
    const { store } = rig;
    // admission needs store
    const handleRig = newRig({ store, admission: defaultAdmission(store) });
    const ask = handleRig.ask.bind(handleRig);
    for (const ns of ['statics-err', 'statics-tab', 'default', 'kube-system', 'kube-public', 'kube-node-lease']) {
      const r = await ask('POST /api/v1/namespaces', {
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } },
      });
      if (r.status !== 201) out.push('setup ' + JSON.stringify(r.body));
      await ask(`POST /api/v1/namespaces/${ns}/serviceaccounts`, { body: { metadata: { name: 'default' } } });
    }
    await ask('POST /api/v1/namespaces/statics-err/configmaps', {
      body: { metadata: { name: 'mt' }, data: { a: '1' } },
    });
    for (const d of ['d1', 'd3', 'd4', 'd5'])
      await ask('POST /api/v1/namespaces/statics-err/configmaps', {
        body: { metadata: { name: d }, data: { a: '1' } },
      });
    await ask('POST /api/v1/namespaces/statics-err/configmaps', {
      body: { metadata: { name: 'd2', finalizers: ['example.com/hold'] }, data: { a: '1' } },
    });
    await ask('POST /apis/apps/v1/namespaces/statics-tab/deployments', {
      body: {
        metadata: { name: 'dep0' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'dep0' } },
          template: { metadata: { labels: { app: 'dep0' } }, spec: { containers: [{ name: 'c0', image: 'i' }] } },
        },
      },
    });
    const p = await ask('POST /api/v1/namespaces/statics-err/pods', {
      body: { metadata: { name: 'one' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    if (p.status !== 201) out.push('pod ' + JSON.stringify(p.body));
    const data = JSON.parse(readFileSync(dir + file, 'utf8'));
    let same = 0;
    let all = 0;
    for (const [section, list] of Object.entries<any>(Array.isArray(data) ? { x: data } : data)) {
      if (!Array.isArray(list)) continue;
      for (const e of list) {
        const { method, path, headers = {}, body } = e.request ?? {};
        if (
          !path?.startsWith('/api') ||
          /statics.example.com|\(bytes|bytes\)/.test(path + JSON.stringify(body ?? '').slice(0, 900))
        )
          continue;
        if (typeof body === 'string' && /\.\.\.\(\d+ (bytes|chars)\)/.test(body)) continue;
        if (body?.hex !== undefined || e.request.auth) continue;
        if (/[?&]watch=|watch\//.test(path) || !path.match(/^\/api(s\/[a-z.0-9]+)?\/v1\/./)) continue;
        all++;
        const h: any = {};
        for (const k in headers) if (headers[k] !== '(absent)') h[k] = headers[k];
        let r: any;
        try {
          r = await Promise.race([
            ask(`${method} ${path}`, {
              ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
              headers: h,
            }),
            new Promise((res) =>
              setTimeout(() => {
                void handleRig.clock.advance(4000);
                void rig.clock.advance(4000);
                setTimeout(() => res({ status: -2, body: { message: 'HANG' }, warnings: [] }), 50);
              }, 300),
            ),
          ]);
        } catch (err: any) {
          r = { status: -1, body: { message: String(err.stack).slice(0, 400) }, warnings: [] };
        }
        const want =
          e.body?.kind === 'Status'
            ? `${e.status} ${e.body.reason} ${norm(e.body.message ?? '')} ${norm(sorted(e.body.details ?? null))}`
            : `${e.status}`;
        const got =
          e.body?.kind === 'Status'
            ? `${r.status} ${r.body?.reason} ${norm(r.body?.message ?? '')} ${norm(sorted(r.body?.details ?? null))}`
            : `${r.status}`;
        const warn = (e.headers?.warning ?? '').replace(/299 - /g, '');
        const gotWarn = r.warnings.map((w: string) => JSON.stringify(w)).join(', ');
        if (want === got && warn === gotWarn) same++;
        else
          out.push(
            `${section}: ${e.name} | ${method} ${path} ${typeof body === 'string' ? body.slice(0, 200) : JSON.stringify(body)?.slice(0, 200)}\n   want ${want.slice(0, 700)} ${warn}\n   got  ${got.slice(0, 700)} ${gotWarn}${want[0] === '2' && r.status >= 400 ? JSON.stringify(r.body).slice(0, 500) : ''}`,
          );
      }
    }
    process.stdout.write(`#### ${file}: ${same}/${all}\n${out.join('\n')}\n`);
  }
}, 120000);
