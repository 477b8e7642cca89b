import type { Case } from '../case';
import type { CallRecord } from '../history';
import { Linearizer, type Linearization } from '../linearize';
import { absent, registerKey, type Register, type RegisterOperation } from '../register';
import { operationsOf } from '../register-operations';
import type { Violation } from '../verdict';
import { recordsById, violation } from './finding';

/** Per key: all calls can be put into one order that respects their times and the model. */
export function checkLinearizability(exam: Case): Violation[] {
  const byId = recordsById(exam.history);
  return [...operationsOf(exam)].flatMap(([key, { initial, operations }]) => {
    const result = new Linearizer<Register, RegisterOperation>(operations, registerKey).run(initial);
    if (result.is === 'found') return [];
    if (result.is === 'undecided') return [violation('linearizable', `${key}: too many possibilities to decide`)];
    const records = result.stuck.records.flatMap((id) => byId.get(id) ?? []);
    return [violation('linearizable', tell(key, result), ...records, ...neighbours(exam.calls, key, result.stuck))];
  });
}

function tell(
  key: string,
  { state, stuck }: Extract<Linearization<Register, RegisterOperation>, { is: 'none' }>,
): string {
  const was = state === absent || !state.there ? 'absent' : `${state.value} at revision ${state.revision ?? '?'}`;
  return `${key}: no order of the calls explains them all. The longest one that was found leaves it ${was}, and then there is no place for: ${JSON.stringify(stuck.effect)}`;
}

const atMost = 10;

/** Writes of the same key that were going on at the same time. */
const neighbours = (
  calls: readonly CallRecord[],
  key: string,
  { invoked, returned }: RegisterOperation,
): CallRecord[] =>
  calls
    .filter(({ call }) => call.op !== 'list' && call.op !== 'get' && call.key === key)
    .filter((record) => record.returned >= invoked && record.invoked <= returned)
    .slice(0, atMost);
