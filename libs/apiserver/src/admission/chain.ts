import type { AdmissionPlugin } from '@kubephant/serving';
import type { WriteAttributes } from './attributes';
import { observed, timed, type TimedPlugin } from './metrics/timed';
import type { AdmissionMetrics } from './metrics/metrics';

/** All plugins as one. */
export interface AdmissionChain {
  /** Lets every plugin that handles the request change the object; again where one wants others to see what it changed. */
  admit(attributes: WriteAttributes): Promise<void>;
  /** Lets every plugin that handles the request refuse it, once the object is what will be stored. */
  validate(attributes: WriteAttributes): Promise<void>;
}

export type StepMetrics = Pick<AdmissionMetrics, 'step' | 'controller'>;

/** Plugins in the order in which they admit; all mutating ones run before any validation. */
export function newAdmissionChain(plugins: readonly AdmissionPlugin[], metrics?: StepMetrics): AdmissionChain {
  const all = plugins.map((plugin) => timed(plugin, metrics));
  const mutating = all.filter(({ admit }) => admit);
  const validating = all.filter(({ validate }) => validate);
  const admitOnce = (attributes: WriteAttributes): Promise<void> => each(mutating, 'admit', attributes);
  const admit = async (attributes: WriteAttributes): Promise<void> => {
    await admitOnce(attributes);
    const { reinvocation } = attributes;
    if (!reinvocation.wanted) return;
    reinvocation.again = true;
    await admitOnce(attributes);
  };
  const validate = (attributes: WriteAttributes): Promise<void> => each(validating, 'validate', attributes);
  if (!metrics) return { admit, validate };
  return {
    admit: observed(admit, (operation, rejected) => metrics.step('admit', operation, rejected)),
    validate: observed(validate, (operation, rejected) => metrics.step('validate', operation, rejected)),
  };
}

async function each(plugins: readonly TimedPlugin[], step: 'admit' | 'validate', attributes: WriteAttributes) {
  const { info, operation } = attributes;
  for (const plugin of plugins) {
    if (plugin.handles(info, operation)) await plugin[step]?.(attributes);
  }
}
