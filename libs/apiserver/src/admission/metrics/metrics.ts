import { SeriesHistogram, type Metrics, type Observe } from '@kubephant/base';

/** Part of admission: `admit` changes objects, `validate` refuses them. */
export type Step = 'admit' | 'validate';
/** Webhooks that validate are told of under another name [apiserver webhook/validating]. */
export type WebhookType = 'admit' | 'validating';
/** Why an expression of a policy has no value. */
export type ExpressionErrorType = 'compile_error' | 'invalid_error' | 'out_of_budget' | 'no_error';

/** One call of a webhook: what became of it. */
export interface WebhookCall {
  readonly name: string;
  readonly type: WebhookType;
  readonly operation: string;
  /** What the webhook or the server on the way answered; 0 where nobody was asked. */
  readonly code: number;
  readonly seconds: number;
  /** Why the request was refused on behalf of the webhook; absent: it was not. */
  readonly rejected?: 'no_error' | 'calling_webhook_error' | 'apiserver_internal_error';
  /** It could not be asked, and is done without. */
  readonly failedOpen?: boolean;
}

/** Whose conditions were evaluated. */
export interface ConditionLabels {
  readonly name: string;
  readonly kind: 'webhook' | 'policy';
  readonly type: WebhookType | 'validate';
  readonly operation: string;
}

export interface PolicyCheck {
  readonly policy: string;
  readonly binding: string;
  readonly errorType: ExpressionErrorType;
  readonly seconds: number;
}

/** What is told of admission, under upstream's names. */
export interface AdmissionMetrics {
  /** Observes the seconds that a plugin took: to be kept, rather than asked for every time. */
  controller(name: string, step: Step, operation: string, rejected: boolean): Observe;
  /** The same of a whole step. */
  step(step: Step, operation: string, rejected: boolean): Observe;
  webhook(call: WebhookCall): void;
  conditions(
    labels: ConditionLabels,
    outcome: { readonly seconds: number; readonly excluded: boolean; readonly errors: number },
  ): void;
  validated(check: PolicyCheck, action: 'allow' | 'deny' | 'warn' | 'audit'): void;
  mutated(check: PolicyCheck): void;
}

const stepBuckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5];
const webhookBuckets = [...stepBuckets, 10, 25];
const conditionBuckets = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25];
const policyBuckets = [0.0000005, 0.001, 0.01, 0.1, 1];

/** The highest code that is told apart, so that a webhook cannot make any number of series. */
const maxCode = 600;

export function newAdmissionMetrics(metrics: Metrics): AdmissionMetrics {
  const { registry } = metrics;
  const histogram = <L extends string>(name: string, help: string, labels: readonly L[], buckets?: readonly number[]) =>
    new SeriesHistogram(registry, { name: `apiserver_${name}`, help, labels, ...(buckets && { buckets }) });
  const steps = histogram(
    'admission_step_admission_duration_seconds',
    'Admission sub-step latency histogram in seconds, for each operation and step type (validate or admit).',
    ['type', 'operation', 'rejected'],
    stepBuckets,
  );
  const summary = histogram(
    'admission_step_admission_duration_seconds_summary',
    'Admission sub-step latency summary in seconds, for each operation and step type (validate or admit).',
    ['type', 'operation', 'rejected'],
  );
  const controllers = histogram(
    'admission_controller_admission_duration_seconds',
    'Latency of admission plugins in seconds, by name, for each operation and type (validate or admit).',
    ['name', 'type', 'operation', 'rejected'],
    stepBuckets,
  );
  return {
    controller: (name, step, operation, rejected) => controllers.series(name, step, operation, String(rejected)),
    step: (step, operation, rejected) => {
      const labels = [step, operation, String(rejected)] as const;
      const both = [steps.series(...labels), summary.series(...labels)] as const;
      return (seconds) => {
        for (const observe of both) observe(seconds);
      };
    },
    ...newWebhookMetrics(histogram, metrics),
    ...newConditionMetrics(histogram, metrics),
    ...newPolicyMetrics(histogram, metrics),
  };
}

type NewHistogram = <L extends string>(
  name: string,
  help: string,
  labels: readonly L[],
  buckets?: readonly number[],
) => SeriesHistogram<L>;

function newWebhookMetrics(histogram: NewHistogram, metrics: Metrics): Pick<AdmissionMetrics, 'webhook'> {
  const duration = histogram(
    'admission_webhook_admission_duration_seconds',
    'Admission webhook latency histogram in seconds, by name, for each operation and type (validating or admit).',
    ['name', 'type', 'operation', 'rejected'],
    webhookBuckets,
  );
  const requests = metrics.counter(
    'apiserver_admission_webhook_request_total',
    'Requests to admission webhooks by name, type and operation, with whether the request was rejected and the code.',
    ['name', 'type', 'operation', 'code', 'rejected'],
  );
  const rejections = metrics.counter(
    'apiserver_admission_webhook_rejection_count',
    'Requests rejected on behalf of admission webhooks by name, type and operation, with the kind of error and the code.',
    ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  );
  const open = metrics.counter(
    'apiserver_admission_webhook_fail_open_count',
    'Admission webhooks that could not be called and were done without, by name and type.',
    ['name', 'type'],
  );
  return {
    webhook({ name, type, operation, code: given, seconds, rejected: error, failedOpen = false }) {
      const code = String(Math.min(given, maxCode));
      const rejected = String(error !== undefined);
      requests.inc({ name, type, operation, code, rejected });
      duration.series(name, type, operation, rejected)(seconds);
      if (error !== undefined) rejections.inc({ name, type, operation, error_type: error, rejection_code: code });
      if (failedOpen) open.inc({ name, type });
    },
  };
}

function newConditionMetrics(histogram: NewHistogram, metrics: Metrics): Pick<AdmissionMetrics, 'conditions'> {
  const labels = ['name', 'kind', 'type', 'operation'] as const;
  const duration = histogram(
    'admission_match_condition_evaluation_seconds',
    'Time that match conditions take in seconds, by the name of whose they are, its kind, operation and type.',
    labels,
    conditionBuckets,
  );
  const failures = metrics.counter(
    'apiserver_admission_match_condition_evaluation_errors_total',
    'Match conditions that could not be evaluated, by the name of whose they are, its kind, operation and type.',
    labels,
  );
  const exclusions = metrics.counter(
    'apiserver_admission_match_condition_exclusions_total',
    'Requests that match conditions excluded, by the name of whose they are, its kind, operation and type.',
    labels,
  );
  return {
    conditions({ name, kind, type, operation }, { seconds, excluded, errors }) {
      duration.series(name, kind, type, operation)(seconds);
      if (errors > 0) failures.inc({ name, kind, type, operation }, errors);
      if (excluded) exclusions.inc({ name, kind, type, operation });
    },
  };
}

function newPolicyMetrics(histogram: NewHistogram, metrics: Metrics): Pick<AdmissionMetrics, 'validated' | 'mutated'> {
  const mutationLabels = ['policy', 'policy_binding', 'error_type'] as const;
  const validationLabels = [...mutationLabels, 'enforcement_action'] as const;
  const validations = metrics.counter(
    'apiserver_validating_admission_policy_check_total',
    'Checks of validating admission policies by policy, binding, kind of error and enforcement action.',
    validationLabels,
  );
  const validationSeconds = histogram(
    'validating_admission_policy_check_duration_seconds',
    'Latency of validation expressions in seconds, by policy, binding, kind of error and enforcement action.',
    validationLabels,
    policyBuckets,
  );
  const mutations = metrics.counter(
    'apiserver_mutating_admission_policy_check_total',
    'Checks of mutating admission policies by policy, binding and kind of error.',
    mutationLabels,
  );
  const mutationSeconds = histogram(
    'mutating_admission_policy_check_duration_seconds',
    'Latency of mutation expressions in seconds, by policy, binding and kind of error.',
    mutationLabels,
    policyBuckets,
  );
  return {
    validated({ policy, binding, errorType, seconds }, action) {
      const labels = { policy, policy_binding: binding, error_type: errorType, enforcement_action: action };
      validations.inc(labels);
      validationSeconds.series(policy, binding, errorType, action)(seconds);
    },
    mutated({ policy, binding, errorType, seconds }) {
      mutations.inc({ policy, policy_binding: binding, error_type: errorType });
      mutationSeconds.series(policy, binding, errorType)(seconds);
    },
  };
}
