import { httpHeaderName } from '@kubephant/api';
import type { ExecAction, HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from '@kubephant/schema';
import { forbidden, invalidValue, required, type Causes } from '../validation/causes';
import {
  notNegative,
  optional,
  portNumberAt,
  present,
  requiredOneOf,
  validatePortOrName,
  when,
} from '../validation/checks';
import type { Path } from '../validation/path';
import { uriSchemes } from './allowed';

const validateExec = ({ command = [] }: ExecAction, path: Path): Causes =>
  when(command.length === 0, () => required(path.child('command')));

const validateHttpGet = (action: HTTPGetAction, path: Path): Causes => [
  ...present(action.path, path.child('path')),
  ...validatePortOrName(action.port, path.child('port')),
  ...requiredOneOf(action.scheme, path.child('scheme'), uriSchemes),
  ...(action.httpHeaders ?? []).flatMap(({ name }) =>
    httpHeaderName(name).map((detail) => invalidValue(path.child('httpHeaders'), name, detail)),
  ),
];

const validateTcp = ({ port }: { readonly port: number | string }, path: Path): Causes =>
  validatePortOrName(port, path.child('port'));

const validateGrpc = ({ port }: { readonly port: number }, path: Path): Causes =>
  portNumberAt(port, path.child('port'));

type Handlers = readonly (readonly [name: string, isSet: boolean, causes: () => Causes])[];

/** Exactly one way to ask. Of several, the first is validated and the others are forbidden. */
function validateHandlers(handlers: Handlers, path: Path): Causes {
  const [first, ...others] = handlers.filter(([, isSet]) => isSet);
  if (!first) return [required(path, 'must specify a handler type')];
  const [, , causes] = first;
  return [
    ...causes(),
    ...others.map(([name]) => forbidden(path.child(name), 'may not specify more than 1 handler type')),
  ];
}

const common = ({ exec, httpGet, tcpSocket }: Probe & LifecycleHandler, path: Path): Handlers => [
  ['exec', exec !== undefined, () => optional(exec, path.child('exec'), validateExec)],
  ['httpGet', httpGet !== undefined, () => optional(httpGet, path.child('httpGet'), validateHttpGet)],
  ['tcpSocket', tcpSocket !== undefined, () => optional(tcpSocket, path.child('tcpSocket'), validateTcp)],
];

const counters = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

export function validateProbe(probe: Probe, path: Path): Causes {
  const { grpc, terminationGracePeriodSeconds: grace } = probe;
  return [
    ...validateHandlers(
      [...common(probe, path), ['grpc', grpc !== undefined, () => optional(grpc, path.child('grpc'), validateGrpc)]],
      path,
    ),
    ...counters.flatMap((field) => notNegative(probe[field], path.child(field))),
    ...when(grace !== undefined && grace <= 0, () =>
      invalidValue(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0'),
    ),
  ];
}

/** Liveness and startup: one success is enough, always. */
export const validateOnceProbe = (probe: Probe, path: Path): Causes => [
  ...validateProbe(probe, path),
  ...when(probe.successThreshold !== 1, () =>
    invalidValue(path.child('successThreshold'), probe.successThreshold, 'must be 1'),
  ),
];

export const validateReadinessProbe = (probe: Probe, path: Path): Causes => [
  ...validateProbe(probe, path),
  ...when(probe.terminationGracePeriodSeconds !== undefined, () =>
    invalidValue(
      path.child('terminationGracePeriodSeconds'),
      probe.terminationGracePeriodSeconds,
      'must not be set for readinessProbes',
    ),
  ),
];

function validateSleep({ seconds }: { readonly seconds: number }, path: Path, graceSeconds: number): Causes {
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  return when(seconds < 0 || seconds > graceSeconds, () => invalidValue(path, seconds, why));
}

export function validateLifecycle({ postStart, preStop }: Lifecycle, path: Path, graceSeconds: number): Causes {
  const validate = (handler: LifecycleHandler, where: Path): Causes =>
    validateHandlers(
      [
        ...common(handler, where),
        [
          'sleep',
          handler.sleep !== undefined,
          () => optional(handler.sleep, where.child('sleep'), (sleep, at) => validateSleep(sleep, at, graceSeconds)),
        ],
      ],
      where,
    );
  return [
    ...optional(postStart, path.child('postStart'), validate),
    ...optional(preStop, path.child('preStop'), validate),
  ];
}
