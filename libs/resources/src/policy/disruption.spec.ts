import { StatusError } from '@kubephant/api';
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '@kubephant/schema';
import type { Subresource, Target } from '../definition';
import { table } from '../table';

const now = new Date('2026-01-02T00:00:00Z');
const before = '2026-01-01T00:00:00Z';

const budgetOf = (status: PodDisruptionBudgetStatus, spec: object = {}, name = 'web'): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: 'default', uid: 'b', resourceVersion: '1', generation: 1 },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  status: { observedGeneration: 1, ...status },
});

const podOf = (status: object = {}, labels: Record<string, string> = { app: 'web' }): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'default', uid: 'p', resourceVersion: '1', labels },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...status },
});

interface Evicted {
  readonly budgets: readonly PodDisruptionBudget[];
  readonly isDeleted: boolean;
  readonly refused?: object;
}

type Create = Extract<Subresource<Pod>, { kind: 'create' }>;
const eviction = table.find(({ kind }) => kind === 'Pod')!.subresources!['eviction'] as unknown as Create;

/** Evicts the pod from a namespace with these budgets. */
async function evict(pod: Pod, given: readonly PodDisruptionBudget[], dryRun = false): Promise<Evicted> {
  const budgets = [...given];
  let isDeleted = false;
  const other = ({ name }: { name: string }) => ({
    guaranteedUpdate(change: (budget: PodDisruptionBudget) => PodDisruptionBudget) {
      const index = budgets.findIndex(({ metadata }) => metadata.name === name);
      budgets[index] = change(structuredClone(budgets[index]!));
      return Promise.resolve(budgets[index]);
    },
  });
  const target = {
    key: { namespace: 'default', name: 'web-1' },
    dryRun: false,
    now,
    get: () => Promise.resolve(pod),
    guaranteedUpdate: (change: (pod: Pod) => Pod) => Promise.resolve(change(structuredClone(pod))),
    delete: () => {
      isDeleted = true;
      return Promise.resolve(pod);
    },
    other: (_: object, key: { name: string }) => other(key),
    others: () => Promise.resolve(budgets),
  } as unknown as Target<Pod>;
  const input = { metadata: { name: 'web-1' }, ...(dryRun && { deleteOptions: { dryRun: ['All'] } }) };
  try {
    await eviction.create(target, input as never);
    return { budgets, isDeleted };
  } catch (err) {
    if (!(err instanceof StatusError)) throw err;
    const { code, reason, message, details } = err.status;
    return { budgets, isDeleted, refused: { code, reason, message, details } };
  }
}

const violation = "Cannot evict pod as it would violate the pod's disruption budget.";
const because = (message: string) => ({ causes: [{ reason: 'DisruptionBudget', message }] });

describe('an eviction', () => {
  it('charges the budget of the pod', async () => {
    const { budgets, isDeleted } = await evict(podOf(), [budgetOf({ disruptionsAllowed: 2 })]);
    expect(isDeleted).toBe(true);
    expect(budgets[0]?.status).toEqual({
      observedGeneration: 1,
      disruptionsAllowed: 1,
      disruptedPods: { 'web-1': '2026-01-02T00:00:00Z' },
    });
  });

  it('says so when it was the last one', async () => {
    const condition = { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '' };
    const conditions = [{ ...condition, lastTransitionTime: before }];
    const { budgets } = await evict(podOf(), [budgetOf({ disruptionsAllowed: 1, conditions })]);
    expect(budgets[0]?.status).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: 'False',
          reason: 'InsufficientPods',
          observedGeneration: 1,
          lastTransitionTime: '2026-01-02T00:00:00Z',
        },
      ],
    });
  });

  it('charges nothing when it is only tried', async () => {
    const given = [budgetOf({ disruptionsAllowed: 1 })];
    expect(await evict(podOf(), given, true)).toEqual({ budgets: given, isDeleted: false });
  });

  it.each<[string, PodDisruptionBudgetStatus, object]>([
    [
      'nothing may be disrupted',
      { disruptionsAllowed: 0, desiredHealthy: 2, currentHealthy: 2 },
      {
        code: 429,
        reason: 'TooManyRequests',
        message: violation,
        details: because('The disruption budget web needs 2 healthy pods and has 2 currently'),
      },
    ],
    [
      'its controller has not seen the budget',
      { observedGeneration: 0, disruptionsAllowed: 1 },
      {
        code: 429,
        reason: 'TooManyRequests',
        message: violation,
        details: {
          ...because('The disruption budget web is still being processed by the server.'),
          retryAfterSeconds: 10,
        },
      },
    ],
    [
      'the budget makes no sense',
      { disruptionsAllowed: -1 },
      {
        code: 403,
        reason: 'Forbidden',
        message: 'poddisruptionbudget.policy "web" is forbidden: pdb disruptions allowed is negative',
        details: { name: 'web', group: 'policy', kind: 'poddisruptionbudget' },
      },
    ],
  ])('is refused while %s, even as a trial', async (_, status, refused) => {
    const given = [budgetOf(status)];
    expect(await evict(podOf(), given)).toEqual({ budgets: given, isDeleted: false, refused });
    expect(await evict(podOf(), given, true)).toEqual({ budgets: given, isDeleted: false, refused });
  });

  it('is refused for a pod of two budgets', async () => {
    const allowed = { disruptionsAllowed: 1 };
    const { refused } = await evict(podOf(), [budgetOf(allowed), budgetOf(allowed, {}, 'web-too')]);
    expect(refused).toEqual({
      code: 500,
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  });

  const none = { disruptionsAllowed: 0, desiredHealthy: 1, currentHealthy: 1 };
  const unready = { conditions: [] };

  it.each<[string, Pod, PodDisruptionBudget]>([
    ['that has not begun', podOf({ phase: 'Pending' }), budgetOf(none)],
    ['that is over', podOf({ phase: 'Failed' }), budgetOf(none)],
    ['of other labels', podOf({}, { app: 'db' }), budgetOf(none)],
    ['that a budget without a selector does not mean', podOf(), budgetOf(none, { selector: undefined })],
    ['that is not ready, while enough others are', podOf(unready), budgetOf(none)],
    [
      'that is not ready, where such may always go',
      podOf(unready),
      budgetOf({ ...none, currentHealthy: 0 }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }),
    ],
  ])('of a pod %s is free', async (_, pod, budget) => {
    expect(await evict(pod, [budget])).toEqual({ budgets: [budget], isDeleted: true });
  });

  it('of a pod that is not ready is charged while too few are', async () => {
    const { refused } = await evict(podOf(unready), [budgetOf({ ...none, currentHealthy: 0 })]);
    expect(refused).toMatchObject({ code: 429 });
  });
});
