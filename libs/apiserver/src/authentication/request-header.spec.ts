import { X509Certificate } from 'node:crypto';
import { newAuthority } from '@kubephant/pki';
import type { UserInfo } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { requestHeaders, type RequestHeaderConfig } from './request-header';
import { clientCertificates, unionOf } from './authenticate';

const names = {
  allowedNames: ['proxy'],
  usernameHeaders: ['X-Remote-User'],
  uidHeaders: ['X-Remote-Uid'],
  groupHeaders: ['X-Remote-Group'],
  extraHeaderPrefixes: ['X-Remote-Extra-'],
};

describe('a request that a proxy passes on', () => {
  let config: RequestHeaderConfig;
  let fingerprint = '';
  beforeAll(async () => {
    const { certificate } = await newAuthority('front-proxy-ca');
    config = { clientCa: `# ours\n${certificate}`, ...names };
    fingerprint = new X509Certificate(certificate).fingerprint256;
  });

  const ask = (
    headers: Readonly<Record<string, string>>,
    { commonName = 'proxy', authorities = [fingerprint] } = {},
  ): Promise<UserInfo | undefined> =>
    unionOf([requestHeaders(config), clientCertificates(new Set([fingerprint]))]).authenticate(
      newIncoming({
        path: '/version',
        headers,
        clientCertificate: { commonName, organizations: ['system:masters'], authorities },
      }),
    );

  it('is the request of whom the proxy names', async () => {
    const told = {
      'x-remote-user': 'jane',
      'x-remote-uid': '7',
      'x-remote-group': 'devs, ops',
      'x-remote-extra-example.com%2Fteam': 'a',
    };
    expect(await ask(told)).toEqual({
      name: 'jane',
      uid: '7',
      groups: ['devs', 'ops'],
      extra: { 'example.com/team': ['a'] },
    });
  });

  it('is nobody’s when the proxy names nobody: its certificate is none of a user', async () => {
    expect(await ask({ 'x-remote-group': 'system:masters' })).toBeUndefined();
  });

  it('is believed of no other certificate', async () => {
    expect(await ask({ 'x-remote-user': 'root' }, { commonName: 'ada', authorities: ['AB:CD'] })).toEqual({
      name: 'ada',
      groups: ['system:masters'],
    });
    await expect(ask({ 'x-remote-user': 'root' }, { commonName: 'ada' })).rejects.toMatchObject({
      reason: 'Unauthorized',
    });
  });

  it('is believed of any name when none is demanded', async () => {
    config = { ...config, allowedNames: [] };
    expect(await ask({ 'x-remote-user': 'jane' }, { commonName: 'any' })).toMatchObject({ name: 'jane' });
  });
});
