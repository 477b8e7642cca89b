import { internalError, parseApiVersion, StatusError, type KubeObject } from '@kubephant/api';
import type { Form } from './attributes';

/** What is wrong with a patch, where clients are told no more than that something is. */
export const patchProblem = (err: unknown): unknown =>
  err instanceof StatusError && err.cause instanceof Error ? err.cause : err;

/** Throws InternalError, as upstream, where a patch made an object one of another kind. */
export function demandKind(made: object, { kind, apiVersion }: KubeObject, form: Form): void {
  const given = made as Partial<KubeObject>;
  if (given.kind === kind && given.apiVersion === apiVersion) return;
  const { version } = parseApiVersion(given.apiVersion ?? '');
  const there = `${version}.${given.kind ?? ''}`;
  throw internalError(new Error(`converting (${there}) to (${form.version}.${kind}): unknown conversion`));
}
