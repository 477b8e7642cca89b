import { parseYaml } from '@kubephant/schema';
import {
  noPodSecurityConfiguration,
  readPodSecurityConfiguration,
  type PodSecurityConfiguration,
} from '../pod-security/configuration';
import { defaultPlugins, enabledPlugins } from './plugins';
import { Fields, readConfiguration } from './read';

/** What the operator of a server says of its admission. */
export interface AdmissionSettings {
  /** Names of the plugins that run. */
  readonly plugins: readonly string[];
  readonly podSecurity: PodSecurityConfiguration;
}

/** What holds where nothing is said. */
export const defaultAdmissionSettings: AdmissionSettings = {
  plugins: defaultPlugins,
  podSecurity: noPodSecurityConfiguration,
};

export interface AdmissionFlags {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  /** The content of the file of --admission-control-config-file. */
  readonly configuration?: string;
}

const kind = {
  kind: 'AdmissionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'],
  fields: ['plugins'],
};

/**
 * Reads flags and configuration. Throws what is wrong with them. `readFile` reads what the configuration names beside
 * itself, by a path as it is written there.
 */
export async function readAdmissionSettings(
  { enable, disable, configuration }: AdmissionFlags,
  readFile: (path: string) => Promise<string>,
): Promise<AdmissionSettings> {
  const plugins = enabledPlugins(enable, disable);
  let { podSecurity } = defaultAdmissionSettings;
  const given = configuration === undefined ? [] : readConfiguration(yaml(configuration), kind).list('plugins');
  for (const [index, entry] of given.entries()) {
    const fields = new Fields(entry, `plugins[${index}]`, ['name', 'path', 'configuration']);
    const name = fields.text('name');
    // Of a plugin that does not run the configuration is not even looked at, as upstream.
    if (!plugins.includes(name)) continue;
    const own = await configurationIn(fields, readFile);
    if (own === undefined) continue;
    if (name !== 'PodSecurity') throw new Error(`admission plugin ${JSON.stringify(name)} has no configuration here`);
    podSecurity = readPodSecurityConfiguration(own);
  }
  return { plugins, podSecurity };
}

async function configurationIn(fields: Fields, readFile: (path: string) => Promise<string>): Promise<unknown> {
  const inline = fields.value('configuration');
  if (inline !== undefined) return inline;
  const path = fields.text('path');
  return path === '' ? undefined : yaml(await readFile(path));
}

function yaml(text: string): unknown {
  const { value, duplicates } = parseYaml(text);
  const [first] = duplicates;
  if (first !== undefined) throw new Error(`strict decoding error: ${first}`);
  return value;
}
