import { readFileSync } from 'node:fs';
import { newRig } from './testing/rig';
import { defaultAdmission } from '../admission';
import { resourceTable } from '@kubephant/resources';
import { newPools, serviceAllocation } from './services/allocation';
const dir = '/work/shared/reference/oracle/defaults/';
const rowOf = (apiVersion: string, kind: string) =>
  resourceTable().find((r) => (r.group ? r.group + '/' : '') + r.version === apiVersion && r.kind === kind);
const norm = (v: any, strip: boolean): any => {
  if (Array.isArray(v)) return v.map((x) => norm(x, strip));
  if (v && typeof v === 'object')
    return Object.fromEntries(
      Object.entries(v)
        .filter(([k]) => !(strip && k === 'managedFields'))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, x]) => [
          k.replace(/kube-api-access-\w{5}/, 'kaa'),
          k === 'resourceVersion' && x !== '0' ? 'R' : norm(x, strip),
        ]),
    );
  if (typeof v === 'string')
    return v
      .replace(/<uid>|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'U')
      .replace(/<time>|\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')
      .replace(/kube-api-access-(<rand>|\w{5})/, 'kaa')
      .replace(/<ip>|10\.0\.0\.\d+/g, 'IP')
      .replace(/record \(\w+\)/, 'record (U)')
      .replace(/\/registry\/[a-z/]*/, '/registry/');
  return v;
};
const diff = (a: any, b: any, p = ''): string[] => {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (a && b && typeof a === 'object' && typeof b === 'object' && !Array.isArray(a) === !Array.isArray(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) => diff(a[k], b[k], `${p}/${k}`));
  return [`${p}: want ${JSON.stringify(a)?.slice(0, 260)} got ${JSON.stringify(b)?.slice(0, 260)}`];
};
async function rigFor(ns: string[]) {
  const bare = newRig();
  const pools = newPools(bare.store, { clusterIPRange: '10.0.0.0/24' });
  const rig = newRig({
    store: bare.store,
    clock: bare.clock,
    admission: defaultAdmission(bare.store, bare.clock),
    allocations: new Map([['services', serviceAllocation(pools, bare.clock)]]),
  });
  for (const n of ns) {
    await rig.ask('POST /api/v1/namespaces', { body: { metadata: { name: n } } });
    await rig.ask(`POST /api/v1/namespaces/${n}/serviceaccounts`, { body: { metadata: { name: 'default' } } });
  }
  return rig;
}
const H = { 'user-agent': 'tester/1' };
const pathOf = (row: any, ns: string, name?: string, sub?: string) =>
  `/${row.group ? 'apis/' + row.group : 'api'}/${row.version}${row.scope === 'Namespaced' ? `/namespaces/${ns}` : ''}/${row.names.plural}${name ? '/' + name : ''}${sub ? '/' + sub : ''}`;
const out: string[] = [];
const compare = (label: string, want: any, wantStatus: number, r: any, strip: boolean) => {
  const d = [
    ...(wantStatus === r.status
      ? []
      : [`status want ${wantStatus} got ${r.status} ${r.status >= 400 ? r.body?.message : ''}`]),
    ...diff(norm(want, strip), norm(r.body, strip)),
  ];
  if (d.length) out.push(`${label}\n      ${d.slice(0, 6).join('\n      ')}`);
  return d.length === 0;
};
it('replays', async () => {
  const only = process.env['ONLY'];
  for (const file of (
    process.env['REPLAY'] ??
    'patches.json,patches_strategic.json,apply.json,apply_workloads.json,strategy.json,strategy_preconditions.json,deletes.json,subresources.json'
  ).split(',')) {
    let ok = 0,
      all = 0;
    out.length = 0;
    const data = [JSON.parse(readFileSync(dir + file, 'utf8'))].flatMap((d: any) =>
      Array.isArray(d) ? d : Object.values(d).flat(),
    ) as any[];
    for (const c of data) {
      if (only && !c.case.includes(only)) continue;
      const rig = await rigFor(['defaults-p', 'defaults-s', 'defaults-g', 'defaults-sub', 'defaults-n', 'default']);
      const ask = async (req: string, body: any, headers: any = {}) =>
        rig.ask(req, { body, headers: { ...H, ...headers } });
      const send = async (method: string, path: string, body: any, h: any = {}) => {
        rig.clock.advance(0);
        try {
          return await ask(
            `${method} ${path}`,
            body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
            h,
          );
        } catch (err: any) {
          return { status: -1, body: { message: String(err.stack).slice(0, 300) }, warnings: [] };
        }
      };
      if (c.object && c.steps) {
        const row = rowOf(c.object.apiVersion, c.object.kind);
        if (!row) continue;
        const obj = JSON.parse(JSON.stringify(c.object));
        delete obj.metadata.uid;
        delete obj.metadata.resourceVersion;
        delete obj.metadata.creationTimestamp;
        if (obj.spec?.clusterIP === '<ip>') {
          delete obj.spec.clusterIP;
          delete obj.spec.clusterIPs;
        }
        const cr = await send('POST', pathOf(row, obj.metadata.namespace), obj);
        if (cr.status !== 201) {
          out.push(`${c.case} CREATE ${JSON.stringify(cr.body).slice(0, 300)}`);
          continue;
        }
        for (const s of c.steps) {
          all++;
          const r = await send(
            'PATCH',
            pathOf(row, obj.metadata.namespace, obj.metadata.name, s.subresource),
            s.patch,
            { 'content-type': s.patchType },
          );
          if (
            compare(
              `${c.case} ${s.patchType.slice(12, 20)} ${JSON.stringify(s.patch).slice(0, 150)}`,
              s.result,
              s.status,
              r,
              true,
            )
          )
            ok++;
        }
      } else if (c.steps && c.kind) {
        const row = rowOf(c.apiVersion, c.kind);
        if (!row) continue;
        for (const s of c.steps) {
          if (!['apply', 'create', 'update', 'patch', 'put', 'merge', 'merge-patch', 'get'].includes(s.op)) {
            out.push(`${c.case} op ${s.op} ${JSON.stringify(s).slice(0, 160)}`);
            continue;
          }
          all++;
          const ns = s.result?.metadata?.namespace ?? 'defaults-s';
          const q = [
            s.fieldManager && `fieldManager=${encodeURIComponent(s.fieldManager)}`,
            s.force !== undefined && `force=${s.force}`,
            s.query,
          ]
            .filter(Boolean)
            .join('&');
          let body = s.body ?? s.patch;
          const live = (await send('GET', pathOf(row, ns, c.name), undefined)).body;
          if (body && typeof body === 'object')
            body = JSON.parse(JSON.stringify(body), (k, v) =>
              v === '<uid>' ? live.metadata?.uid : v === '<time>' ? '2026-01-02T03:04:05Z' : v,
            );
          if (body && s.op === 'update' && body.metadata?.resourceVersion)
            body = { ...body, metadata: { ...body.metadata, resourceVersion: live.metadata.resourceVersion } };
          const name = s.name ?? c.name;
          const r =
            s.op === 'get'
              ? await send('GET', pathOf(row, ns, name, s.subresource), undefined)
              : s.op === 'create'
                ? await send('POST', pathOf(row, ns) + (q ? '?' + q : ''), body)
                : s.op === 'update' || s.op === 'put'
                  ? await send('PUT', pathOf(row, ns, name, s.subresource) + (q ? '?' + q : ''), body)
                  : await send('PATCH', pathOf(row, ns, name, s.subresource) + (q ? '?' + q : ''), body, {
                      'content-type':
                        s.op === 'apply'
                          ? 'application/apply-patch+yaml'
                          : (s.patchType ?? 'application/merge-patch+json'),
                    });
          if (
            compare(
              `${c.case} ${s.op} ${s.fieldManager} ${s.subresource ?? ''} ${JSON.stringify(body ?? null).slice(0, 200)}`,
              s.result,
              s.status,
              r,
              false,
            )
          )
            ok++;
        }
      } else if (c.create) {
        const rq = c.create.request;
        const row = rowOf(rq.apiVersion, rq.kind);
        if (!row) continue;
        const cr = await send('POST', pathOf(row, 'defaults-g'), rq);
        all++;
        if (compare(`${c.case} CREATE`, c.create.response, c.create.status, cr, true)) ok++;
        for (const s of c.steps) {
          all++;
          const live = (await send('GET', pathOf(row, 'defaults-g', rq.metadata.name), undefined)).body;
          const sent = JSON.parse(JSON.stringify(s.sent), (k, v) =>
            v === '<uid>'
              ? live.metadata?.uid
              : v === '<rv>'
                ? live.metadata?.resourceVersion
                : v === '<ip>'
                  ? live.spec?.clusterIP
                  : v === '<time>'
                    ? '2026-01-02T03:04:05Z'
                    : v,
          );
          const r = await send(
            'PUT',
            pathOf(
              row,
              'defaults-g',
              sent.metadata?.name ?? rq.metadata.name,
              s.endpoint === 'main' ? undefined : (s.endpoint ?? '').replace(/^\//, ''),
            ),
            sent,
          );
          const want = s.result;
          if (compare(`${c.case} ${s.step} ${s.endpoint}`, want, s.status, r, true)) ok++;
          const after = r.body?.metadata?.resourceVersion !== live.metadata?.resourceVersion;
          if (s.status === 200 && s.resourceVersionChanged !== undefined && after !== s.resourceVersionChanged)
            out.push(`${c.case} ${s.step} rvChanged want ${s.resourceVersionChanged} got ${after}`);
        }
      } else if (c.requests) {
        if (c.requests.some((q: any) => q.path.includes('defaults-sub-fin'))) {
          await send('POST', '/api/v1/namespaces', {
            metadata: { name: 'defaults-sub-fin' },
            spec: { finalizers: ['kubernetes', 'a.b/c'] },
          });
        }
        const seen = new Set<string>();
        if (file.startsWith('deletes') || file.startsWith('subres'))
          for (const q of c.requests) {
            const m =
              /^(\/.*?\/namespaces\/[^/]+)\/([a-z]+)\/([a-z0-9.-]+)(\/(scale|binding|eviction|ephemeralcontainers|resize))?(\?.*)?$/.exec(
                q.path,
              );
            if (!m || m[2] === 'namespaces' || seen.has(m[1]! + m[2] + m[3]) || /absent/.test(m[3]!)) continue;
            seen.add(m[1]! + m[2] + m[3]);
            const plural = m[2]!;
            const fin = q.method === 'DELETE' && q.result?.metadata?.finalizers?.filter((f: string) => f.includes('/'));
            const podSpec = {
              containers: [{ name: 'c', image: 'x' }],
              ...(q.result?.metadata?.deletionGracePeriodSeconds > 0 && { nodeName: 'n' }),
            };
            const tmpl = {
              replicas: 0,
              selector:
                plural === 'replicationcontrollers'
                  ? { a: 'b', ...(/sub/.test(file) && { b: 'c' }) }
                  : { matchLabels: { a: 'b' } },
              template: { metadata: { labels: { a: 'b', b: 'c' } }, spec: podSpec },
            };
            const spec =
              plural === 'pods'
                ? podSpec
                : plural === 'services'
                  ? { ports: [{ port: 80 }] }
                  : /deployments|replicasets|replicationc/.test(plural)
                    ? tmpl
                    : undefined;
            await send('POST', m[1] + '/' + plural, {
              metadata: { name: m[3], ...(fin && fin.length && { finalizers: fin }) },
              ...(spec && { spec }),
              ...(plural === 'podtemplates' && { template: { metadata: { labels: { a: 'b' } }, spec: podSpec } }),
            });
          }
        for (const s of c.requests) {
          if (s.path && /dis|scal/.test('')) continue;
          all++;
          const liveR = (
            await send(
              'GET',
              s.path.replace(/\/(finalize|scale|status|resize|ephemeralcontainers|binding|eviction)(\?.*)?$/, ''),
              undefined,
            )
          ).body;
          const body =
            s.body === undefined
              ? undefined
              : JSON.parse(JSON.stringify(s.body), (k, v) =>
                  v === '<uid>'
                    ? liveR.metadata?.uid
                    : v === '<rv>'
                      ? liveR.metadata?.resourceVersion
                      : v === '<time>'
                        ? '2026-01-02T03:04:05Z'
                        : v,
                );
          const h =
            s.method === 'PATCH'
              ? {
                  'content-type':
                    s.contentType ??
                    s.patchType ??
                    (Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json'),
                }
              : {};
          const r = await send(s.method, s.path, body, h);
          if (
            compare(
              `${c.case} ${s.method} ${s.path} ${JSON.stringify(body)?.slice(0, 150)}`,
              s.result,
              s.status,
              r,
              true,
            )
          )
            ok++;
        }
      }
    }
    process.stdout.write(`#### ${file}: ${ok}/${all}\n${out.join('\n')}\n`);
  }
}, 120000);
