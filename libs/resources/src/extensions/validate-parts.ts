import type {
  CustomResourceColumnDefinition,
  CustomResourceConversion,
  CustomResourceSubresourceScale,
} from '@kubephant/schema';
import { dns1035Label } from '@kubephant/api';
import { validateClientConfig } from '../admissionregistration/client-config';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, requiredOneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { parseJsonPath } from './json-path';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function simplePath(text: string, path: Path): Causes {
  if (!text) return [required(path)];
  return when(!text.startsWith('.'), () => invalidValue(path, text, 'must be a simple json path starting with .'));
}

function pathBelow(text: string, path: Path, roots: readonly string[], where: string): Causes {
  const causes = simplePath(parseJsonPath(text) ? text : text.replace(/^\.+/, ''), path);
  if (causes.length > 0 || roots.some((root) => text.startsWith(`${root}.`))) return causes;
  return [invalidValue(path, text, `should be a json path under ${where}`)];
}

export const validateScale = (scale: CustomResourceSubresourceScale, path: Path): Causes => [
  ...pathBelow(scale.specReplicasPath, path.child('specReplicasPath'), ['.spec'], '.spec'),
  ...pathBelow(scale.statusReplicasPath, path.child('statusReplicasPath'), ['.status'], '.status'),
  ...(scale.labelSelectorPath
    ? pathBelow(
        scale.labelSelectorPath,
        path.child('labelSelectorPath'),
        ['.spec', '.status'],
        'either .spec or .status',
      )
    : none),
];

function validateColumnType(type: string, path: Path): Causes {
  const detail = `must be one of ${columnTypes.join(',')}`;
  if (!type) return [required(path, detail)];
  return when(!columnTypes.includes(type), () => invalidValue(path, type, detail));
}

export const validateColumn = (column: CustomResourceColumnDefinition, path: Path): Causes => [
  ...when(!column.name, () => required(path.child('name'))),
  ...validateColumnType(column.type, path.child('type')),
  ...when(Boolean(column.format) && !columnFormats.includes(column.format ?? ''), () =>
    invalidValue(path.child('format'), column.format, `must be one of ${columnFormats.join(',')}`),
  ),
  ...simplePath(column.jsonPath, path.child('JSONPath')),
];

const recognized = ['v1', 'v1beta1'];

function validateReviewVersions(versions: readonly string[] | undefined, path: Path): Causes {
  if (!versions || versions.length === 0) return [required(path)];
  return [
    ...each(versions, path, (version, at) => follows(version, at, dns1035Label)),
    ...when(!versions.some((version) => recognized.includes(version)), () =>
      invalidValue(path, versions, `must include at least one of ${recognized.join(', ')}`),
    ),
  ];
}

/** How versions are made of each other. */
export function validateConversion({ strategy, webhook }: CustomResourceConversion, path: Path): Causes {
  const config = path.child('webhookClientConfig');
  const versions = path.child('conversionReviewVersions');
  const head = requiredOneOf(strategy, path.child('strategy'), ['None', 'Webhook']);
  const unasked = 'should not be set when strategy is not set to Webhook';
  if (strategy !== 'Webhook') {
    return [
      ...head,
      ...when(webhook?.clientConfig !== undefined, () => forbidden(config, unasked)),
      ...when((webhook?.conversionReviewVersions ?? []).length > 0, () => forbidden(versions, unasked)),
    ];
  }
  return [
    ...head,
    ...(webhook?.clientConfig
      ? validateClientConfig(webhook.clientConfig, config)
      : [required(config, 'required when strategy is set to Webhook')]),
    ...validateReviewVersions(webhook?.conversionReviewVersions, versions),
  ];
}
