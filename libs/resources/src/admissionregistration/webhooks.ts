import { dns1035Label, fullyQualifiedName, type KubeObject } from '@kubephant/api';
import type { MutatingWebhook, ValidatingWebhook } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, integer, nameColumn } from '../print/columns';
import { duplicate, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, equal, follows, listOf, oneOf, optional, requiredAnd, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateClientConfig } from './client-config';
import type { CheckExpression } from './expressions';
import { failurePolicies, matchPolicies, validateMatchConditions } from './match';
import { reservedNameWarnings } from './reserved-names';
import { setRuleDefaults, validateRule } from './rules';

type Webhook = ValidatingWebhook & Partial<Pick<MutatingWebhook, 'reinvocationPolicy'>>;

interface Configuration extends KubeObject {
  webhooks?: Webhook[];
}

const versions = ['v1', 'v1beta1'];
const sideEffects = ['None', 'NoneOnDryRun'];
const longestSeconds = 30;

/** Versions of AdmissionReview the webhook understands: one of ours among them, each once. */
function validateVersions(given: readonly string[], path: Path): Causes {
  const known = versions.join(', ');
  if (given.length === 0) return [required(path, `must specify one of ${known}`)];
  return [
    ...each(given, path, (version, where, index) =>
      given.indexOf(version) < index
        ? [invalidValue(where, version, 'duplicate version')]
        : follows(version, where, dns1035Label),
    ),
    ...when(!given.some((version) => versions.includes(version)), () =>
      invalidValue(path, given, `must include at least one of ${known}`),
    ),
  ];
}

function validateSideEffects(given: string | null | undefined, path: Path): Causes {
  if (given === undefined || given === null) return [required(path, `must specify one of ${sideEffects.join(', ')}`)];
  return oneOf(given, path, sideEffects);
}

const validateTimeout = (seconds: number, path: Path): Causes =>
  when(seconds < 1 || seconds > longestSeconds, () =>
    invalidValue(path, seconds, `the timeout value must be between 1 and ${longestSeconds} seconds`),
  );

function validateWebhook(hook: Webhook, path: Path, checkExpression: CheckExpression | undefined): Causes {
  return [
    ...requiredAnd(hook.name, path.child('name'), (name) => fullyQualifiedName(name)),
    ...each(hook.rules, path.child('rules'), validateRule),
    ...optional(hook.failurePolicy, path.child('failurePolicy'), (policy, where) =>
      oneOf(policy, where, failurePolicies),
    ),
    ...optional(hook.matchPolicy, path.child('matchPolicy'), (policy, where) => oneOf(policy, where, matchPolicies)),
    ...validateSideEffects(hook.sideEffects, path.child('sideEffects')),
    ...optional(hook.timeoutSeconds, path.child('timeoutSeconds'), validateTimeout),
    ...validateLabelSelector(hook.namespaceSelector, path.child('namespaceSelector')),
    ...validateLabelSelector(hook.objectSelector, path.child('objectSelector')),
    ...optional(hook.reinvocationPolicy, path.child('reinvocationPolicy'), (policy, where) =>
      oneOf(policy, where, ['IfNeeded', 'Never']),
    ),
    ...validateClientConfig(hook.clientConfig, path.child('clientConfig')),
    ...validateMatchConditions(hook.matchConditions, path.child('matchConditions'), { checkExpression }),
    ...validateVersions(listOf(hook.admissionReviewVersions), path.child('admissionReviewVersions')),
  ];
}

const isTaken = ({ webhooks = [] }: Configuration, name: string, index: number): boolean =>
  Boolean(name) && webhooks.findIndex((hook) => hook.name === name) < index;

const validate = (configuration: Configuration, checkExpression: CheckExpression | undefined): Causes =>
  each(configuration.webhooks, at('webhooks'), (hook, path, index) => [
    ...validateWebhook(hook, path, checkExpression),
    ...(isTaken(configuration, hook.name, index) ? [duplicate(path.child('name'), hook.name)] : none),
  ]);

function setDefaults(hook: Webhook): void {
  hook.failurePolicy ??= 'Fail';
  hook.matchPolicy ??= 'Equivalent';
  hook.namespaceSelector ??= {};
  hook.objectSelector ??= {};
  hook.timeoutSeconds ??= 10;
  setRuleDefaults(hook.rules);
  const { service } = hook.clientConfig;
  if (service) service.port ??= 443;
}

/** Both kinds of webhooks; those that change objects may ask to be called again. */
function webhookConfigurations(type: 'Mutating' | 'Validating', checkExpression?: CheckExpression): ResourceDefinition {
  const kind = `${type}WebhookConfiguration`;
  const singular = kind.toLowerCase();
  return defineResource<Configuration>({
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind,
    scope: 'Cluster',
    names: { plural: `${singular}s`, singular, categories: ['api-extensions'] },
    schema: `io.k8s.api.admissionregistration.v1.${kind}`,
    generation: true,
    generationChanged: ({ webhooks }, old) => !equal(webhooks, old.webhooks),
    conditionalUpdate: true,
    columns: [
      nameColumn,
      integer('Webhooks', 'How many webhooks it has.', ({ webhooks = [] }) => webhooks.length),
      ageColumn,
    ],
    defaults({ webhooks = [] }) {
      for (const hook of webhooks) {
        setDefaults(hook);
        if (type === 'Mutating') hook.reinvocationPolicy ??= 'Never';
      }
    },
    strategy: {
      validate: (configuration) => validate(configuration, checkExpression),
      validateUpdate: (configuration) => validate(configuration, checkExpression),
      warnings: reservedNameWarnings,
    },
  });
}

export const mutatingWebhookConfigurations = (checkExpression?: CheckExpression): ResourceDefinition =>
  webhookConfigurations('Mutating', checkExpression);

export const validatingWebhookConfigurations = (checkExpression?: CheckExpression): ResourceDefinition =>
  webhookConfigurations('Validating', checkExpression);
