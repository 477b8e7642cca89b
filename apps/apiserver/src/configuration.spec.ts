import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { configOf, readAdmission, readDatabaseUrl, readIdentity } from './configuration';
import { flags, type Options } from './options';

const required = [
  '--advertise-address=192.0.2.1',
  '--tls-cert-file=t.crt',
  '--tls-private-key-file=t.key',
  '--client-ca-file=ca.crt',
  '--service-account-signing-key-file=sa.key',
];

const parse = (...more: string[]): Options => {
  const command = flags(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  return command.parse([...required, ...more], { from: 'user' }).opts<Options>();
};

describe('the flags', () => {
  it('have upstream’s meaning and defaults', () => {
    expect(configOf(parse())).toEqual({
      advertise: { ip: '192.0.2.1', port: 6443 },
      services: { clusterIPRange: '10.96.0.0/16', nodePorts: { first: 30_000, last: 32_767 } },
      issuer: 'https://kubernetes.default.svc',
      authorizationModes: ['Node', 'RBAC'],
      allowAnonymous: true,
      kubeletAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
    });
  });

  it.each([
    [['--authorization-mode=RBAC'], { authorizationModes: ['RBAC'] }],
    [['--secure-port=443'], { advertise: { ip: '192.0.2.1', port: 443 } }],
    [['--api-audiences=a,b'], { audiences: ['a', 'b'] }],
    [['--anonymous-auth=false'], { allowAnonymous: false }],
    [['--service-node-port-range=80-90'], { services: { nodePorts: { first: 80, last: 90 } } }],
  ])('%j', (given, expected) => {
    expect(configOf(parse(...given))).toMatchObject(expected);
  });

  it.each([['--authorization-mode=Webhook'], ['--service-node-port-range=80'], ['--secure-port=x'], ['--nope']])(
    'refuse %s',
    (given) => {
      expect(() => configOf(parse(given))).toThrow();
    },
  );
});

describe('files', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'apiserver-'));
  });
  afterAll(() => rm(directory, { recursive: true }));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };

  it('keep the database’s password off the command line', async () => {
    const url = await file('url', 'postgresql://u:secret@h/db\n');
    await expect(readDatabaseUrl(parse(`--database-url-file=${url}`))).resolves.toBe('postgresql://u:secret@h/db');
    await expect(readDatabaseUrl(parse())).rejects.toThrow('one of --database-url and --database-url-file');
  });

  it('configure admission', async () => {
    await file('pods.yaml', 'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n');
    const admission = await file(
      'admission.yaml',
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{name: PodSecurity, path: pods.yaml}]\n',
    );
    const flags = ['--enable-admission-plugins=NodeRestriction', '--disable-admission-plugins=LimitRanger,PodSecurity'];
    const { plugins } = await readAdmission(parse(...flags, `--admission-control-config-file=${admission}`));
    expect([plugins.includes('NodeRestriction'), plugins.includes('LimitRanger')]).toEqual([true, false]);
    const { podSecurity } = await readAdmission(parse(`--admission-control-config-file=${admission}`));
    expect(podSecurity.defaults.enforce).toBe('privileged');
    await expect(readAdmission(parse('--enable-admission-plugins=Nope'))).rejects.toThrow('"Nope" is unknown');
  });

  it('hold keys and tokens', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signing = await file('sa.key', String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    const verifying = await file('sa.pub', String(publicKey.export({ type: 'spki', format: 'pem' })));
    const identity = await readIdentity(
      parse(
        `--service-account-signing-key-file=${signing}`,
        `--service-account-key-file=${verifying}`,
        `--token-auth-file=${await file('tokens', 'secret,jane,7,"a,b"\n')}`,
      ),
    );
    expect(identity.tokens).toEqual([{ token: 'secret', name: 'jane', uid: '7', groups: ['a', 'b'] }]);
    expect([identity.signingKey.type, identity.verificationKeys?.map(({ type }) => type)]).toEqual([
      'private',
      ['public'],
    ]);
  });
});
