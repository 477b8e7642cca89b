import { fromLabelSelector, is, keyOf, type KubeObject, type ObjectKey } from '@kubephant/api';
import { podDisruptionBudgets, pods } from '@kubephant/client';
import { changes, type Reconciler, type Result, type Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { expectedOf, type Expected } from './expected';
import { Owners } from './owners';
import { goText } from './selector-text';
import { assess, failed } from './status';

type Budget = PodDisruptionBudget;

/** Keeps what a budget says true. */
export class BudgetReconciler implements Reconciler {
  readonly sources: readonly Source[];
  readonly #context: ControllerContext;
  readonly #budgets: SharedInformer<Budget>;
  readonly #pods: SharedInformer<Pod>;
  readonly #owners: Owners;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#budgets = context.informers.of(podDisruptionBudgets);
    this.#pods = context.informers.of(pods);
    this.#owners = new Owners(context.client, context.informers);
    this.sources = [
      changes(this.#budgets, (budget) => [keyOf(budget)]),
      changes(this.#pods, (pod) => this.#guardsOf(pod)),
      ...this.#owners.informers.map((informer) => changes(informer, () => [])),
    ];
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const budget = this.#budgets.lister.get(key);
    if (!budget) return undefined;
    try {
      return await this.#sync(budget, signal);
    } catch (err) {
      if (signal.aborted || is('Conflict', err)) throw err;
      const why = err instanceof Error ? err.message : String(err);
      await this.#write(budget, failed(budget.status, why, this.#context.clock.now()), signal);
      return undefined;
    }
  }

  async #sync(budget: Budget, signal: AbortSignal): Promise<Result> {
    const { clock, recorder } = this.#context;
    const selector = fromLabelSelector(budget.spec.selector);
    const guarded = this.#pods.lister
      .list(budget.metadata.namespace)
      .filter(({ metadata }) => selector.matches(metadata.labels));
    if (guarded.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const expected = await this.#expected(budget, guarded, signal);
    const { status, notDeleted, recheckMs } = assess(budget, guarded, expected, clock.now());
    for (const pod of notDeleted) {
      // Upstream says the namespace twice, too.
      const by = [budget.metadata.namespace, budget.metadata.namespace].join('/');
      recorder.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${by} to be deleted but it wasn't`);
    }
    await this.#write(budget, status, signal);
    return recheckMs === undefined ? undefined : { requeueAfterMs: recheckMs };
  }

  async #expected(budget: Budget, guarded: readonly Pod[], signal: AbortSignal): Promise<Expected> {
    const { recorder } = this.#context;
    const warn = (reason: string, message: string): void => recorder.event(budget, 'Warning', reason, message);
    try {
      const expected = await expectedOf(budget, guarded, (owner, namespace) =>
        this.#owners.find(owner, namespace, signal),
      );
      if (expected.unmanaged.length > 0) warn('UnmanagedPods', unmanaged(budget));
      return expected;
    } catch (err) {
      const why = err instanceof Error ? err.message : String(err);
      warn('CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${why}`);
      throw err;
    }
  }

  /** Only on top of what was looked at: an eviction that was let in meanwhile must stay charged for. */
  async #write(budget: Budget, status: PodDisruptionBudgetStatus, signal: AbortSignal): Promise<void> {
    const { disruptedPods = {}, ...rest } = budget.status ?? {};
    const { disruptedPods: nextDisrupted = {}, ...next } = status;
    if (isDeepStrictEqual(rest, next) && isDeepStrictEqual(disruptedPods, nextDisrupted)) return;
    try {
      const client = this.#context.client.resource(podDisruptionBudgets);
      await client.update({ ...budget, status }, signal, { subresource: 'status' });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }

  #guardsOf(pod: Pod): readonly ObjectKey[] {
    const budgets = this.#budgets.lister
      .list(pod.metadata.namespace)
      .filter(({ spec }) => fromLabelSelector(spec.selector).matches(pod.metadata.labels));
    const [first, second] = budgets;
    if (first && second)
      this.#context.recorder.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', several(pod, first));
    return budgets.map(keyOf);
  }
}

function several({ metadata: { namespace = '', name } }: Pod, chosen: KubeObject): string {
  const what = `Pod ${JSON.stringify(namespace)}/${JSON.stringify(name)} matches multiple PodDisruptionBudgets.`;
  return `${what}  Chose ${JSON.stringify(chosen.metadata.name)} arbitrarily.`;
}

const unmanaged = ({ spec }: Budget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${goText(spec.selector)}) were found to be unmanaged. ` +
  'As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
  'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';
