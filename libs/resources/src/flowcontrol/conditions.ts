import { duplicate, required, type Causes } from '../validation/causes';
import { each, when } from '../validation/checks';
import { at } from '../validation/path';

interface Conditioned {
  readonly status?: { readonly conditions?: readonly { readonly type?: string }[] };
}

/** Each condition of its own type. */
export function validateConditionTypes({ status }: Conditioned): Causes {
  const conditions = status?.conditions ?? [];
  return each(conditions, at('status', 'conditions'), ({ type }, path, index) => [
    ...when(conditions.findIndex((other) => other.type === type) < index, () => duplicate(path.child('type'), type)),
    ...when(!type, () => required(path.child('type'), 'must not be empty')),
  ]);
}
