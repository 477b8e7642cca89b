import { invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';

const levels = ['privileged', 'baseline', 'restricted'];
const prefix = 'pod-security.kubernetes.io/';
const path = at('metadata', 'labels');

const validateLevel = (key: string, value: string): Causes =>
  when(!levels.includes(value), () => invalidValue(path.key(key), value, `must be one of ${levels.join(', ')}`));

const validateVersion = (key: string, value: string): Causes =>
  when(value !== 'latest' && !/^v1\.(0|[1-9]\d{0,5})$/.test(value), () =>
    invalidValue(path.key(key), value, 'must be "latest" or "v1.x"'),
  );

/** The labels that set Pod Security Standards for a namespace (KEP-2579). */
export function validatePodSecurityLabels(labels: Readonly<Record<string, string>>): Causes {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const [level, version] = [`${prefix}${mode}`, `${prefix}${mode}-version`];
    return [
      ...(labels[level] === undefined ? [] : validateLevel(level, labels[level])),
      ...(labels[version] === undefined ? [] : validateVersion(version, labels[version])),
    ];
  });
}
