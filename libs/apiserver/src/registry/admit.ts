import type { KubeObject } from '@kubephant/api';
import type { Expected } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../admission/attributes';
import type { Allocated } from './allocation';
import { formOf, formOfInput, otherForms } from './forms';
import type { Scope } from './scope';

type Operation = Attributes['operation'];

export interface Admission extends WriteAttributes {
  /** What plugins took for the write; it goes back when the write fails. */
  readonly taken: Allocated;
}

export interface Subject {
  readonly object?: KubeObject | undefined;
  readonly old?: KubeObject | undefined;
  /** What the object is, where it is not of the row's kind. */
  readonly input?: Expected;
  /** Options that came in the body. */
  readonly options?: object;
}

/** The subject of admission: absent objects are absent, so that plugins cannot mistake undefined for one. */
export function attributesOf(
  scope: Scope,
  operation: Operation,
  dryRun: boolean,
  { object, old, input, options }: Subject,
): Admission {
  const { req, info } = scope;
  const undos: (() => Promise<void>)[] = [];
  let form: Form | undefined;
  let others: readonly Form[] | undefined;
  return {
    taken: {
      commit: async () => undefined,
      async rollback() {
        for (const undo of undos.splice(0).reverse()) await undo();
      },
    },
    onFailure: (undo) => undos.push(undo),
    operation,
    info,
    user: req.user,
    dryRun,
    warn: req.warn,
    signal: req.signal,
    reinvocation: { again: false, wanted: false, memory: new Map() },
    options: options ?? optionsOf(operation, req.url.searchParams),
    get form() {
      return (form ??= input ? formOfInput(scope, input) : formOf(scope));
    },
    get otherForms() {
      return (others ??= input ? [] : otherForms(scope));
    },
    ...(object && { object }),
    ...(old && { old }),
  };
}

const kinds: Readonly<Record<Operation, string | undefined>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: undefined,
};

/** The options of the request as webhooks are shown them. */
function optionsOf(operation: Operation, query: URLSearchParams): object | null {
  const kind = kinds[operation];
  if (kind === undefined) return null;
  const dryRun = query.getAll('dryRun');
  const texts = ['fieldManager', 'fieldValidation'].flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun.length > 0 && { dryRun }),
    ...Object.fromEntries(texts),
  };
}
