import {
  badRequest,
  matchesFields,
  newSelector,
  parseFieldSelector,
  type KubeObject,
  type Requirement,
} from '@kubephant/api';

/** Whether an object is in the selection of a list or watch. Fields are dotted paths; label selectors are equalities and existence. */
export function newSelection(options: {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}): (obj: KubeObject) => boolean {
  const labels = newSelector(parseLabels(options.labelSelector ?? ''));
  const fields = parseFieldSelector(options.fieldSelector ?? '');
  return (obj) =>
    (!options.namespace || obj.metadata.namespace === options.namespace) &&
    labels.matches(obj.metadata.labels) &&
    matchesFields(fields, (path) => fieldAt(obj, path));
}

function parseLabels(text: string): Requirement[] {
  return text
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .map((term): Requirement => {
      const [, not, key = '', operator, value = ''] = /^(!?)([\w./-]+)(?:(==|=|!=)([\w.-]*))?$/.exec(term) ?? [];
      if (!key) throw badRequest(`the fake cluster does not understand the label selector ${JSON.stringify(term)}`);
      if (operator) return { key, operator: operator === '!=' ? '!=' : '=', values: [value] };
      return { key, operator: not ? 'doesNotExist' : 'exists', values: [] };
    });
}

function fieldAt(obj: KubeObject, path: string): string | undefined {
  let value: unknown = obj;
  for (const step of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? `${value as string | number | boolean}` : undefined;
}
