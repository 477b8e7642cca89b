import { isDeepStrictEqual } from 'node:util';
import { groupResourceString, type KubeObject } from '@kubephant/api';
import { isTrue, parseJsonPath } from '@kubephant/resources';
import type { CustomResourceDefinition } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';
import type { Resource } from '../registry/resource';
import type { Resources } from '../registry/scope';
import type { View } from '../views/view';
import { newConvert, type AskWebhook } from './conversion';
import { newCustomResource, type CompileRules } from './custom-resource';

export interface DefinitionDependencies {
  readonly store: Pick<Store, 'define'>;
  readonly view: View<CustomResourceDefinition>;
  readonly askWebhook: AskWebhook;
  readonly compileRules: CompileRules;
}

/** Custom resources, as the definitions in the store say at this moment. */
export interface CustomResources extends Resources {
  /** Every version that is served; the same array until a definition changes. */
  readonly served: () => readonly Resource[];
  /** Calls now and whenever what is served has changed. */
  onChange(listener: () => void): void;
}

/** A resource is made when it is first asked for, and again after its definition has changed. */
export function newCustomResources(dependencies: DefinitionDependencies): CustomResources {
  const { view, store } = dependencies;
  const made = new Map<string, readonly Resource[]>();
  const listeners: (() => void)[] = [];
  let all: readonly Resource[] | undefined;
  view.onChange((before, after) => {
    // The store reads all objects anew for this: not for every change of a status.
    if (after && !(before && isDeepStrictEqual(selectablePaths(before), selectablePaths(after)))) {
      store.define(fieldsOf(after));
    }
    const crd = after ?? before;
    if (crd && isSameService(before, after)) return;
    if (crd) made.delete(crd.metadata.name);
    all = undefined;
    for (const listener of listeners) listener();
  });
  const versionsOf = (crd: CustomResourceDefinition): readonly Resource[] => {
    if (!isTrue(crd, 'Established')) return [];
    const known = made.get(crd.metadata.name) ?? resourcesOf(crd, dependencies);
    made.set(crd.metadata.name, known);
    return known;
  };
  const named = (group: string, plural: string): readonly Resource[] => {
    const crd = view.get({ name: `${plural}.${group}` });
    return crd ? versionsOf(crd) : [];
  };
  const versions = (name: string): readonly Resource[] => {
    const [plural = '', ...group] = name.split('.');
    return named(group.join('.'), plural);
  };
  return {
    served: () => (all ??= [...view.values()].flatMap(versionsOf)),
    onChange(listener) {
      listeners.push(listener);
      listener();
    },
    find(apiVersion, plural) {
      const [group = '', version = ''] = apiVersion.split('/');
      return named(group, plural).find(({ row }) => row.version === version);
    },
    stored: (name) => versions(name)[0],
    versions,
  };
}

/** Whether a change of a definition leaves what is served as it was (times, storedVersions, managers). */
function isSameService(
  before: CustomResourceDefinition | undefined,
  after: CustomResourceDefinition | undefined,
): boolean {
  if (!before || !after || before.metadata.uid !== after.metadata.uid) return false;
  const essence = (crd: CustomResourceDefinition): string =>
    JSON.stringify([crd.spec, crd.status?.acceptedNames, isTrue(crd, 'Established'), isTrue(crd, 'Terminating')]);
  return essence(before) === essence(after);
}

function resourcesOf(crd: CustomResourceDefinition, dependencies: DefinitionDependencies): readonly Resource[] {
  const convert = newConvert(crd.spec.conversion, dependencies.askWebhook);
  return crd.spec.versions
    .filter(({ served }) => served)
    .map((version) => newCustomResource(crd, version, convert, dependencies.compileRules));
}

/** Of any version, each once. */
const selectablePaths = ({ spec }: CustomResourceDefinition): readonly string[] => [
  ...new Set(spec.versions.flatMap(({ selectableFields = [] }) => selectableFields.map((one) => one.jsonPath))),
];

/** What the store has to know to select objects: fields of any version, read from what is stored. */
function fieldsOf(crd: CustomResourceDefinition): Parameters<Store['define']>[0] {
  const { spec } = crd;
  const readers = selectablePaths(crd).map((path) => [path.slice(1), parseJsonPath(path)] as const);
  return {
    resource: groupResourceString({ group: spec.group, resource: spec.names.plural }),
    fields: (obj: KubeObject) => ({
      'metadata.name': obj.metadata.name,
      'metadata.namespace': obj.metadata.namespace ?? '',
      ...Object.fromEntries(readers.map(([name, path]) => [name, textOf(path?.find(obj)[0])])),
    }),
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
