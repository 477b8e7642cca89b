import { dns1123Label, dns1123Subdomain } from '@kubephant/api';
import type {
  FlowcontrolV1Subject,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, follows, listOf, oneOf, present, requiredAnd, when } from '../validation/checks';
import type { Path } from '../validation/path';

const supportedVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** A list that names all with one star, and then nothing else. */
const aloneIfAll = (list: readonly string[], path: Path, what: string): Causes =>
  when(list.includes('*') && list.length > 1, () =>
    invalidValue(path, list, `if '*' is present, must not specify other ${what}`),
  );

const filled = (list: readonly string[], path: Path, what: string, without: string): Causes =>
  list.length === 0 ? [required(path, without)] : aloneIfAll(list, path, what);

function validateVerbs(verbs: readonly string[], path: Path): Causes {
  const isKnown = verbs.includes('*') || verbs.every((verb) => supportedVerbs.includes(verb));
  return isKnown
    ? filled(verbs, path, 'verbs', 'verbs must contain at least one value')
    : [notSupported(path, verbs, supportedVerbs)];
}

const eachNamespace: typeof dns1123Label = (name) =>
  dns1123Label(name).map((detail) => `each member of this list must be '*' or a DNS-1123 label; ${detail}`);

function validateNamespaces(namespaces: readonly string[], path: Path, clusterScope: boolean): Causes {
  if (namespaces.length === 0 && !clusterScope) {
    return [required(path, 'resource rules that are not cluster scoped must supply at least one namespace')];
  }
  if (namespaces.includes('*')) return aloneIfAll(namespaces, path, 'namespaces');
  return each(namespaces, path, (name, where) => follows(name, where, eachNamespace));
}

const validateResourceRule = (rule: ResourcePolicyRule, path: Path): Causes => [
  ...validateVerbs(listOf(rule.verbs), path.child('verbs')),
  ...filled(
    listOf(rule.apiGroups),
    path.child('apiGroups'),
    'api groups',
    'resource rules must supply at least one api group',
  ),
  ...filled(
    listOf(rule.resources),
    path.child('resources'),
    'resources',
    'resource rules must supply at least one resource',
  ),
  ...validateNamespaces(listOf(rule.namespaces), path.child('namespaces'), rule.clusterScope ?? false),
];

function urlReproach(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

function validateURLs(urls: readonly string[], path: Path): Causes {
  if (urls.includes('*')) return aloneIfAll(urls, path, 'non-resource URLs');
  if (urls.length === 0) return [required(path, 'nonResourceURLs must contain at least one value')];
  return each(urls, path, (url, where) => {
    const reproach = urlReproach(url);
    return reproach === undefined ? none : [invalidValue(where, url, reproach)];
  });
}

const validateNonResourceRule = (rule: NonResourcePolicyRule, path: Path): Causes => [
  ...validateVerbs(listOf(rule.verbs), path.child('verbs')),
  ...validateURLs(listOf(rule.nonResourceURLs), path.child('nonResourceURLs')),
];

type Subject = FlowcontrolV1Subject;

function validateServiceAccount({ serviceAccount }: Subject, path: Path): Causes {
  if (!serviceAccount) return [required(path, "serviceAccount is required when subject kind is 'ServiceAccount'")];
  const { name, namespace } = serviceAccount;
  return [
    ...(name === '*' ? none : requiredAnd(name, path.child('name'), (text) => dns1123Subdomain(text))),
    ...(namespace
      ? follows(namespace, path.child('namespace'), dns1123Label)
      : [required(path.child('namespace'), 'must specify namespace for service account')]),
  ];
}

const validateNamed = (subject: { name: string } | undefined, path: Path, [field, kind]: readonly string[]): Causes =>
  subject
    ? present(subject.name, path.child('name'))
    : [required(path, `${field ?? ''} is required when subject kind is '${kind ?? ''}'`)];

/** The field of each kind of subject. */
const kinds = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

function validateSubject(subject: Subject, path: Path): Causes {
  const kind = kindNames.find((name) => name === subject.kind);
  if (!kind) return oneOf(subject.kind, path.child('kind'), kindNames);
  const field = kinds[kind];
  const where = path.child(field);
  const own =
    field === 'serviceAccount'
      ? validateServiceAccount(subject, where)
      : validateNamed(subject[field], where, [field, kind]);
  const others = (['ServiceAccount', 'User', 'Group'] as const).filter((name) => name !== kind && subject[kinds[name]]);
  return [
    ...own,
    ...others.map((name) =>
      forbidden(path.child(kinds[name]), `${kinds[name]} is forbidden when subject kind is not '${name}'`),
    ),
  ];
}

export function validateRules(
  { subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  path: Path,
): Causes {
  return [
    ...when(listOf(subjects).length === 0, () =>
      required(path.child('subjects'), 'subjects must contain at least one value'),
    ),
    ...each(subjects, path.child('subjects'), validateSubject),
    ...when(resourceRules.length + nonResourceRules.length === 0, () =>
      required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'),
    ),
    ...each(resourceRules, path.child('resourceRules'), validateResourceRule),
    ...each(nonResourceRules, path.child('nonResourceRules'), validateNonResourceRule),
  ];
}
