import { defaultPlugins, enabledPlugins } from './plugins';
import { readAdmissionSettings } from './settings';

const nowhere = (): Promise<string> => Promise.reject(new Error('no such file'));
const read = (plugins: string, files: (path: string) => Promise<string> = nowhere) =>
  readAdmissionSettings(
    {
      enable: [],
      disable: [],
      configuration: `apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: ${plugins}\n`,
    },
    files,
  );
const podSecurity = 'apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration';

describe('the plugins that run', () => {
  it('are upstream’s, in upstream’s order', () => {
    expect(defaultPlugins.join(', ')).toBe(
      'NamespaceLifecycle, LimitRanger, ServiceAccount, TaintNodesByCondition, PodSecurity, Priority, ' +
        'DefaultTolerationSeconds, DefaultStorageClass, StorageObjectInUseProtection, PodGroupProtection, ' +
        'PersistentVolumeClaimResize, RuntimeClass, CertificateApproval, CertificateSigning, ' +
        'ClusterTrustBundleAttest, CertificateSubjectRestriction, DefaultIngressClass, PodTopologyLabels, ' +
        'PodGroupWorkloadExists, NodeDeclaredFeatureValidator, JobValidation, PodResizeValidator, ' +
        'MutatingAdmissionPolicy, MutatingAdmissionWebhook, ValidatingAdmissionPolicy, ' +
        'ValidatingAdmissionWebhook, ResourceQuota',
    );
  });

  it('can be turned on and off, and keep their order', () => {
    const plugins = enabledPlugins(['AlwaysPullImages', 'NodeRestriction'], ['ResourceQuota', 'EventRateLimit']);
    expect(plugins.slice(0, 7).join()).toBe(
      'NamespaceLifecycle,LimitRanger,ServiceAccount,NodeRestriction,TaintNodesByCondition,AlwaysPullImages,PodSecurity',
    );
    expect(plugins).not.toContain('ResourceQuota');
  });

  it.each([
    [['Nope'], [], 'enable-admission-plugins plugin "Nope" is unknown'],
    [[], ['Nope'], 'disable-admission-plugins plugin "Nope" is unknown'],
    [
      ['Priority', 'LimitRanger'],
      ['LimitRanger', 'Priority'],
      '[LimitRanger Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
    [
      ['EventRateLimit'],
      [],
      'enable-admission-plugins plugin "EventRateLimit" is not part of this server: requests are limited by flow control',
    ],
  ])('cannot be %j without %j', (enable, disable, message) => {
    expect(() => enabledPlugins(enable, disable)).toThrow(message);
  });
});

describe('the configuration of plugins', () => {
  it('is beside their name, or in a file', async () => {
    const more = 'defaults: { enforce: baseline, warn-version: v1.30 }, exemptions: { usernames: [root] }';
    const inline = await read(`[{ name: PodSecurity, configuration: { ${podSecurity}, ${more} } }]`);
    const file = await read('[{ name: PodSecurity, path: p.yaml }]', async (path) =>
      path === 'p.yaml' ? `{ ${podSecurity}, ${more} }` : nowhere(),
    );
    expect(inline.podSecurity).toEqual(file.podSecurity);
    expect(inline.podSecurity.defaults).toMatchObject({
      enforce: 'baseline',
      'enforce-version': 'latest',
      warn: 'privileged',
      'warn-version': 'v1.30',
    });
    expect(inline.podSecurity.exemptions.usernames).toEqual(['root']);
  });

  it.each([
    [
      `[{ name: PodSecurity, configuration: { ${podSecurity}, defaults: { enforce: strict, audit-version: '1' } } }]`,
      'PodSecurity invalid: [defaults.enforce: Invalid value: "strict": must be one of privileged, baseline, restricted, ' +
        'defaults.audit-version: Invalid value: "1": must be "latest" or "v1.x"]',
    ],
    [
      `[{ name: PodSecurity, configuration: { ${podSecurity}, exemptions: { namespaces: [a, a], usernames: [''] } } }]`,
      'PodSecurity invalid: [exemptions.namespaces[1]: Duplicate value: "a", ' +
        'exemptions.usernames[0]: Invalid value: "": username must not be empty]',
    ],
    [
      `[{ name: PodSecurity, configuration: { ${podSecurity}, nope: {} } }]`,
      'strict decoding error: unknown field "nope"',
    ],
    [
      '[{ name: PodSecurity, configuration: { apiVersion: v1, kind: ConfigMap } }]',
      'no kind "ConfigMap" is registered for version "v1"',
    ],
    ['[{ name: ResourceQuota, configuration: {} }]', 'admission plugin "ResourceQuota" has no configuration here'],
    ['[{ nope: 1 }]', 'strict decoding error: unknown field "plugins[0].nope"'],
    ['x', 'plugins: expected a list'],
    ['[{ name: PodSecurity, path: gone }]', 'no such file'],
  ])('cannot be %s', async (plugins, message) => {
    await expect(read(plugins)).rejects.toThrow(message);
  });

  it('is not looked at for plugins that do not run', async () => {
    await expect(read('[{ name: EventRateLimit, path: gone }]')).resolves.toMatchObject({ plugins: defaultPlugins });
  });
});
