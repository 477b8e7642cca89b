import { newMetrics, type Logger } from '@kubephant/base';
import type { AdmissionPlugin, Authorizer, Caller } from '@kubephant/serving';
import { newAdmission, type AdmissionConfig } from '.';
import { enabledPlugins } from './configuration/plugins';
import { defaultAdmissionSettings, type AdmissionSettings } from './configuration/settings';
import { newAdmissionMetrics } from './metrics/metrics';
import { newPodSecurityMetrics } from './pod-security/metrics';

/** Masters may do everything, nobody else anything. */
export const onlyMasters: Authorizer = {
  authorize: async ({ user }) => ({ verdict: user.groups.includes('system:masters') ? 'allow' : 'noOpinion' }),
};

/** Nobody is there. */
export const unreachable: Caller = {
  post: () => Promise.reject(new Error('dial tcp: connect: connection refused')),
};

const nothing = (): void => undefined;
const silent: Logger = { info: nothing, warn: nothing, error: nothing, v: () => silent, with: () => silent };

/** What clusters are set up with: kubelets are held to their own node. */
export const withNodeRestriction: AdmissionSettings = {
  ...defaultAdmissionSettings,
  plugins: enabledPlugins(['NodeRestriction'], []),
};

/** The plugins of every cluster, for tests. */
export const testAdmission = (
  config: Pick<AdmissionConfig, 'store' | 'clock'> & Partial<AdmissionConfig>,
): readonly AdmissionPlugin[] =>
  newAdmission({
    authorizer: onlyMasters,
    caller: unreachable,
    resolveService: () => Promise.reject(new Error('no services here')),
    log: silent,
    metrics: newAdmissionMetrics(newMetrics()),
    podSecurityMetrics: newPodSecurityMetrics(newMetrics()),
    settings: withNodeRestriction,
    ...config,
  });
