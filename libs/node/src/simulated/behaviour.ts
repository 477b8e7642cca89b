import type { ContainerConfig, PodSandboxConfig } from '../config';
import { durationMs, playCommand, type Program } from './programs';

/** Pod annotations that decide what simulated containers do; `.NAME` after it narrows one to a container. */
export const behaviourAnnotation = 'simulated.kubephant.dev/behaviour';

export interface Behaviour extends Program {
  /** How long the container goes on after TERM; Infinity needs a KILL. */
  readonly stopsAfterMs: number;
}

const forEver: Program = { stdout: '', stderr: '', exitCode: 0, runsForMs: Infinity };

/**
 * What a container will do, in order of precedence: the annotation (`exit=1 after=5s stop=2s log=hello`, each part
 * optional), the command as far as the simulation knows it, and else to run until it is stopped.
 */
export function behaviourOf(config: ContainerConfig, sandbox: PodSandboxConfig): Behaviour {
  const name = config.metadata.name;
  const text = sandbox.annotations[`${behaviourAnnotation}.${name}`] ?? sandbox.annotations[behaviourAnnotation];
  if (text !== undefined) return parseBehaviour(text);
  const argv = [...(config.command ?? []), ...(config.args ?? [])];
  const env = Object.fromEntries(config.envs.map(({ key, value }) => [key, value]));
  const program = argv.length > 0 ? playCommand(argv, { hostname: sandbox.hostname, env }, false) : forEver;
  return { ...(program ?? forEver), stopsAfterMs: 0 };
}

export function parseBehaviour(text: string): Behaviour {
  const parts = new Map([...text.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]));
  const exit = parts.get('exit');
  const after = parts.get('after');
  const runsForMs = after === undefined ? 0 : durationMs(after);
  return {
    stdout: parts.has('log') ? `${parts.get('log') ?? ''}\n` : '',
    stderr: '',
    exitCode: Number(exit ?? 0) & 255,
    runsForMs: exit === undefined && after === undefined ? Infinity : runsForMs,
    stopsAfterMs: durationMs(parts.get('stop') ?? '0'),
  };
}
