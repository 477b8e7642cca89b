import type { Observe } from '@kubephant/base';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { pluginTable } from '../configuration/plugins';
import type { AdmissionMetrics, Step } from './metrics';

type Work = (attributes: WriteAttributes) => Promise<void>;

/** A plugin that tells how long it takes. */
export interface TimedPlugin extends Pick<AdmissionPlugin, 'handles'> {
  readonly admit: Work | undefined;
  readonly validate: Work | undefined;
}

/** What upstream checks outside of admission is not told of. */
export function timed(plugin: AdmissionPlugin, metrics: Pick<AdmissionMetrics, 'controller'> | undefined): TimedPlugin {
  const isPlugin = pluginTable.some(({ name }) => name === plugin.name);
  const step = (of: Step): Work | undefined => {
    const work = plugin[of]?.bind(plugin);
    return work && metrics && isPlugin
      ? observed(work, (operation, rejected) => metrics.controller(plugin.name, of, operation, rejected))
      : work;
  };
  return {
    handles: (info, operation) => plugin.handles(info, operation),
    admit: step('admit'),
    validate: step('validate'),
  };
}

/** Series of what is not refused are kept at hand: that is what nearly all of requests are. */
export function observed(work: Work, series: (operation: string, rejected: boolean) => Observe): Work {
  const accepted = new Map<string, Observe>();
  return async (attributes) => {
    const { operation } = attributes;
    const start = performance.now();
    const seconds = (): number => (performance.now() - start) / 1000;
    try {
      await work(attributes);
    } catch (err) {
      series(operation, true)(seconds());
      throw err;
    }
    const observe = accepted.get(operation) ?? series(operation, false);
    accepted.set(operation, observe);
    observe(seconds());
  };
}
