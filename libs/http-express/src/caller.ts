import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import type { CallAnswer, Caller, CallOptions, CallTarget } from '@kubephant/serving';
import { inDialTerms } from './dial-error';

/** How many ways to trust are remembered, each with its connections. */
const maxAgents = 200;
const maxFreeSockets = 4;
/** Sooner than servers usually forget a connection, so that a call rarely meets one that is closing. */
const freeSocketMs = 30_000;

/** Calls over HTTP/1.1: with HTTP/2 all calls would go to one of the machines behind a name. */
export function newCaller(): Caller {
  const agents = new Map<string, Agent>();

  const agentFor = (caBundle = ''): Agent => {
    const known = agents.get(caBundle) ?? newAgent(caBundle);
    agents.delete(caBundle);
    agents.set(caBundle, known);
    const [oldest] = agents.keys();
    if (agents.size > maxAgents && oldest !== undefined) {
      agents.get(oldest)?.destroy();
      agents.delete(oldest);
    }
    return known;
  };

  return {
    async post(target, body, options) {
      try {
        return await exchange(target, body, { ...options, agent: agentFor(target.caBundle) });
      } catch (err) {
        throw inCertificateTerms(inDialTerms(err));
      }
    },
  };
}

const newAgent = (caBundle: string): Agent =>
  new Agent({ keepAlive: true, maxFreeSockets, timeout: freeSocketMs, ...(caBundle && { ca: caBundle }) });

async function exchange(
  { url: text, connectTo }: CallTarget,
  body: Buffer,
  { signal, maxBytes, agent }: CallOptions & { readonly agent: Agent },
): Promise<CallAnswer> {
  const url = new URL(text);
  if (url.protocol !== 'https:')
    throw new Error(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const req = httpsRequest({
    agent,
    signal,
    method: 'POST',
    host: connectTo?.host ?? name,
    port: connectTo?.port ?? (url.port || 443),
    servername: /^[\d.]+$|:/.test(name) ? '' : name,
    path: url.pathname + url.search,
    headers: {
      host: url.host,
      accept: 'application/json, */*',
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': 'kube-apiserver-admission',
    },
  });
  req.end(body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  return { status: res.statusCode ?? 502, body: await readAll(res, maxBytes) };
}

async function readAll(res: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      res.destroy();
      throw new Error(`http: response body too large, more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What is wrong with a certificate in the words that clients know. */
function inCertificateTerms(err: unknown): unknown {
  if (typeof err !== 'object' || err === null) return err;
  const { code = '', host = '', cert } = err as { code?: string; host?: string; cert?: PeerCertificate };
  const told = (text: string): Error => new Error(`tls: failed to verify certificate: x509: ${text}`, { cause: err });
  if (untrusted.has(code)) return told('certificate signed by unknown authority');
  if (code === 'CERT_HAS_EXPIRED') return told('certificate has expired or is not yet valid');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return told(mismatch(host, cert?.subjectaltname));
  return err;
}

/** Whom a certificate is for (`DNS:a, DNS:b, IP Address:10.0.0.1`), of the kind that was asked for, and who that was. */
function mismatch(host: string, names = ''): string {
  const isAddress = isIP(host) !== 0;
  const prefix = isAddress ? 'IP Address:' : 'DNS:';
  const all = names.split(', ').flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  if (all.length > 0) return `certificate is valid for ${all.join(', ')}, not ${host}`;
  return isAddress
    ? `cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `certificate is not valid for any names, but wanted to match ${host}`;
}
