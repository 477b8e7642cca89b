import { dns1123Label, dns1123Subdomain, type Cause, type NameRule } from '@kubephant/api';
import { at, invalidValue } from '@kubephant/resources';
import { readConfiguration, type Fields } from '../configuration/read';
import { levelNamed, minorIn, notALevel, notAVersion } from './standard';

const levelFields = ['enforce', 'warn', 'audit'] as const;
const versionFields = ['enforce-version', 'warn-version', 'audit-version'] as const;
const exempt = ['namespaces', 'runtimeClasses', 'usernames'] as const;

type Default = (typeof levelFields)[number] | (typeof versionFields)[number];

/** pod-security.admission.config.k8s.io/v1 PodSecurityConfiguration, with its defaults. */
export interface PodSecurityConfiguration {
  /** What holds where a namespace says nothing. */
  readonly defaults: Readonly<Record<Default, string>>;
  /** Where, in which runtime and by whom pods may be made that do anything. */
  readonly exemptions: Readonly<Record<(typeof exempt)[number], readonly string[]>>;
}

/** Everything is allowed, and nobody is exempt. */
export const noPodSecurityConfiguration: PodSecurityConfiguration = {
  defaults: {
    ...{ enforce: 'privileged', audit: 'privileged', warn: 'privileged' },
    ...{ 'enforce-version': 'latest', 'audit-version': 'latest', 'warn-version': 'latest' },
  },
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};

const kind = {
  kind: 'PodSecurityConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `pod-security.admission.config.k8s.io/${version}`),
  fields: ['defaults', 'exemptions'],
};

/** Reads the configuration of the plugin. Throws what is wrong with it. */
export function readPodSecurityConfiguration(value: unknown): PodSecurityConfiguration {
  const fields = readConfiguration(value, kind);
  const exemptions = fields.fields('exemptions', exempt);
  const configuration = {
    defaults: defaultsIn(fields.fields('defaults', [...levelFields, ...versionFields])),
    exemptions: {
      usernames: exemptions.texts('usernames'),
      namespaces: exemptions.texts('namespaces'),
      runtimeClasses: exemptions.texts('runtimeClasses'),
    },
  };
  const causes = problemsOf(configuration).map(({ field, message }) => `${field}: ${message}`);
  if (causes.length === 0) return configuration;
  const text = causes.length === 1 ? causes.join('') : `[${causes.join(', ')}]`;
  throw new Error(`PodSecurity invalid: ${text}`);
}

function defaultsIn(given: Fields): PodSecurityConfiguration['defaults'] {
  const { defaults } = noPodSecurityConfiguration;
  const of = (name: Default): string => given.text(name) || defaults[name];
  return {
    ...{ enforce: of('enforce'), audit: of('audit'), warn: of('warn') },
    'enforce-version': of('enforce-version'),
    'audit-version': of('audit-version'),
    'warn-version': of('warn-version'),
  };
}

const names: Readonly<Record<(typeof exempt)[number], NameRule>> = {
  namespaces: (name) => dns1123Label(name),
  runtimeClasses: (name) => dns1123Subdomain(name),
  usernames: (name) => (name === '' ? ['username must not be empty'] : []),
};

function problemsOf({ defaults, exemptions }: PodSecurityConfiguration): readonly Cause[] {
  const path = at('defaults');
  const ofDefaults = levelFields.flatMap((mode) => {
    const [level, version] = [defaults[mode], defaults[`${mode}-version`]];
    return [
      ...(levelNamed(level) ? [] : [invalidValue(path.child(mode), level, notALevel)]),
      ...(minorIn(version) === undefined ? [invalidValue(path.child(`${mode}-version`), version, notAVersion)] : []),
    ];
  });
  return [...ofDefaults, ...exempt.flatMap((list) => namesProblems(list, exemptions[list]))];
}

function namesProblems(list: (typeof exempt)[number], all: readonly string[]): readonly Cause[] {
  return all.flatMap((name, index): readonly Cause[] => {
    const field = at('exemptions', list).index(index);
    const wrong = names[list](name);
    if (wrong.length > 0) return [invalidValue(field, name, wrong.join(', '))];
    if (all.indexOf(name) === index) return [];
    return [
      { reason: 'FieldValueDuplicate', field: field.toString(), message: `Duplicate value: ${JSON.stringify(name)}` },
    ];
  });
}
