import { StatusError } from '@kubephant/api';
import { systemClock, version, type Clock } from '@kubephant/base';
import { json, parseAccept, yaml, type Clause } from './accept';
import { encodeJson, encodeYaml } from './encode';
import type { Incoming, Reply } from './handler';
import { bareTextReply } from './text-reply';

export interface StatuszOptions {
  /** How the component calls itself: `apiserver`. */
  readonly name: string;
  readonly clock?: Clock;
  /** The paths that are worth a look. */
  readonly paths: readonly string[];
}

const group = 'config.k8s.io';
const deprecated = 'v1alpha1';
const versions: readonly string[] = [deprecated, 'v1beta1'];
const structured: readonly string[] = [json, yaml];
const plain = 'text/plain';

/** GET /statusz (KEP-4827): since when which version of the component runs, for people and as config.k8s.io Statusz. */
export function newStatusz({ name, clock = systemClock, paths }: StatuszOptions): (req: Incoming) => Reply {
  const startedMs = clock.now();
  const status = (): Status => ({
    startTime: new Date(startedMs),
    uptimeSeconds: Math.floor((clock.now() - startedMs) / 1000),
    binaryVersion: version.gitVersion.replace(/^v/, ''),
    emulationVersion: `${version.major}.${version.minor}`,
    paths,
  });
  return ({ headers }) => {
    const asked = negotiate(headers.get('accept'));
    return asked === plain ? bareTextReply(textOf(name, status())) : structuredReply(name, status(), asked);
  };
}

interface Status {
  readonly startTime: Date;
  readonly uptimeSeconds: number;
  readonly binaryVersion: string;
  readonly emulationVersion: string;
  readonly paths: readonly string[];
}

interface Structured {
  readonly mediaType: string;
  readonly version: string;
}

/** Text for those who ask for nothing else; another form only by its full name. */
function negotiate(accept: string | null): typeof plain | Structured {
  if (!accept?.trim()) return plain;
  for (const clause of parseAccept(accept)) {
    const found = satisfied(clause);
    if (found) return found;
  }
  const types = [...structured, plain].join(', ');
  throw new StatusError('NotAcceptable', `only the following media types are accepted: ${types}`);
}

function satisfied({ type, parameters }: Clause): typeof plain | Structured | undefined {
  const kind = parameters.get('as');
  if (kind === undefined) return type === plain || type === '*/*' || type === 'text/*' ? plain : undefined;
  const asked = { mediaType: type, version: parameters.get('v') ?? '' };
  const known = kind === 'Statusz' && parameters.get('g') === group && versions.includes(asked.version);
  return known && structured.includes(type) ? asked : undefined;
}

function structuredReply(name: string, status: Status, { mediaType, version: asked }: Structured): Reply {
  const { startTime, uptimeSeconds, ...rest } = status;
  const body = {
    kind: 'Statusz',
    apiVersion: `${group}/${asked}`,
    metadata: { name },
    startTime: startTime.toISOString().replace(/\.\d+Z$/, 'Z'),
    uptimeSeconds,
    goVersion: '',
    ...rest,
  };
  const warning = '299 - "This version of the statusz endpoint is deprecated. Please use a newer version."';
  return {
    kind: 'bytes',
    status: 200,
    contentType: `${mediaType};g=${group};v=${asked};as=Statusz`,
    chunks: [mediaType === yaml ? encodeYaml(body) : encodeJson(body)],
    ...(asked === deprecated && { headers: { warning } }),
  };
}

const twoDigits = (count: number): string => String(count).padStart(2, '0');

function upSince(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} hr ${twoDigits(minutes % 60)} min ${twoDigits(seconds % 60)} sec`;
}

/** `Fri Nov 20 19:27:34 UTC 2026` */
function unixDate(time: Date): string {
  const [weekday = '', day = '', month = '', year = '', clock = ''] = time.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${clock} UTC ${year}`;
}

const textOf = (name: string, status: Status): string => `
${name} statusz
Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.

Started: ${unixDate(status.startTime)}
Up: ${upSince(status.uptimeSeconds)}
Binary version: ${status.binaryVersion}
Emulation version: ${status.emulationVersion}
Paths: ${status.paths.join(' ')}
`;
