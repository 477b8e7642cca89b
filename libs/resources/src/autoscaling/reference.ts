import { pathSegment } from '@kubephant/api';
import type { CrossVersionObjectReference } from '@kubephant/schema';
import { invalidValue, none, type Causes } from '../validation/causes';
import { requiredAnd } from '../validation/checks';
import type { Path } from '../validation/path';

/** What is said of the version of an object: nothing, if it names a group, or may be of the one without a name. */
function versionError(apiVersion: string, mayBeCore: boolean): string | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = parts.length === 2 && parts[0] !== '';
  return hasGroup || mayBeCore ? undefined : 'apiVersion must specify API group';
}

export function validateReference(
  { kind, name, apiVersion = '' }: CrossVersionObjectReference,
  path: Path,
  { mayBeCore }: { readonly mayBeCore: boolean },
): Causes {
  const wrong = versionError(apiVersion, mayBeCore);
  return [
    ...requiredAnd(kind, path.child('kind'), pathSegment),
    ...requiredAnd(name, path.child('name'), pathSegment),
    ...(wrong === undefined ? none : [invalidValue(path.child('apiVersion'), apiVersion, wrong)]),
  ];
}
