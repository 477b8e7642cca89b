import { portName } from '@kubephant/api';
import type { Container, ContainerPort } from '@kubephant/schema';
import { duplicate, none, required, type Causes } from '../validation/causes';
import { each, follows, portNumberAt, requiredOneOf } from '../validation/checks';
import type { Path } from '../validation/path';
import { protocols } from './allowed';

function validatePort(port: ContainerPort, path: Path): Causes {
  return [
    ...(port.containerPort
      ? portNumberAt(port.containerPort, path.child('containerPort'))
      : [required(path.child('containerPort'))]),
    ...(port.hostPort ? portNumberAt(port.hostPort, path.child('hostPort')) : none),
    ...requiredOneOf(port.protocol, path.child('protocol'), protocols),
  ];
}

export function validatePorts(ports: readonly ContainerPort[] | undefined, path: Path): Causes {
  const names = new Set<string>();
  return each(ports, path, (port, where) => [
    ...validateName(port.name ?? '', names, where.child('name')),
    ...validatePort(port, where),
  ]);
}

function validateName(name: string, taken: Set<string>, path: Path): Causes {
  if (name === '') return none;
  const wrong = follows(name, path, portName);
  if (wrong.length > 0) return wrong;
  if (taken.has(name)) return [duplicate(path, name)];
  taken.add(name);
  return none;
}

/** No two containers that run at the same time may claim one port of the host. */
export function validateHostPorts(containers: readonly Container[], path: Path): Causes {
  const claimed = new Set<string>();
  return each(containers, path, ({ ports }, where) =>
    each(ports, where.child('ports'), ({ hostPort, hostIP = '', protocol = '' }, at) => {
      if (!hostPort) return none;
      const claim = `${protocol}/${hostIP}/${hostPort}`;
      if (claimed.has(claim)) return [duplicate(at.child('hostPort'), claim)];
      claimed.add(claim);
      return none;
    }),
  );
}
