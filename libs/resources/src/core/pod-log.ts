import { badRequest, invalid } from '@kubephant/api';
import { canonicalTime, type Pod } from '@kubephant/schema';
import type { Subresource } from '../definition';
import { forbidden, invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';
import { chooseContainer } from './pod-container';

/** Query values are true unless they say otherwise, as everywhere in the API. */
const isTrue = (value: string | null): boolean => value !== null && value !== '0' && value.toLowerCase() !== 'false';

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

const numbers = [
  { name: 'tailLines', least: 0, reproach: 'must be greater than or equal to 0' },
  { name: 'sinceSeconds', least: 1, reproach: 'must be greater than 0' },
  { name: 'limitBytes', least: 1, reproach: 'must be greater than 0' },
] as const;

function validateOptions(query: URLSearchParams): Causes {
  const sinceTime = query.get('sinceTime');
  if (sinceTime) demandTime(sinceTime);
  return [
    ...numbers.flatMap(({ name, least, reproach }) => {
      const value = integer(query, name);
      return when(value !== undefined && value < least, () => invalidValue(at(name), value, reproach));
    }),
    ...when(Boolean(query.get('sinceSeconds')) && Boolean(sinceTime), () =>
      forbidden(at('[]'), 'at most one of `sinceTime` or `sinceSeconds` may be specified'),
    ),
    // One of the streams alone is an alpha feature (PodLogsQuerySplitStreams).
    ...when(query.has('stream'), () => forbidden(at('stream'), 'may not be specified')),
  ];
}

function demandTime(text: string): void {
  try {
    canonicalTime(text, 'time');
  } catch (err) {
    throw badRequest(err instanceof Error ? err.message : String(err));
  }
}

/** The options as the kubelet wants them: only what was asked for. */
function kubeletQuery(query: URLSearchParams): URLSearchParams {
  const passed = new URLSearchParams();
  for (const name of ['follow', 'previous', 'timestamps']) if (isTrue(query.get(name))) passed.set(name, 'true');
  for (const name of ['sinceSeconds', 'sinceTime', 'tailLines', 'limitBytes']) {
    const value = query.get(name);
    if (value) passed.set(name, value);
  }
  return passed;
}

/** What containers wrote. A pod without a node has no kubelet to ask, and no log. */
export const log: Subresource<Pod> = {
  kind: 'connect',
  verbs: ['get'],
  input: 'Pod',
  check(name, query) {
    const causes = validateOptions(query);
    if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, causes);
  },
  location(pod, query) {
    const { name, namespace } = pod.metadata;
    const container = chooseContainer(pod, query.get('container') ?? '');
    if (!pod.spec.nodeName) return { path: '' };
    const path = `/containerLogs/${namespace ?? ''}/${name}/${container}`;
    return { node: pod.spec.nodeName, path, query: kubeletQuery(query) };
  },
};
