import type { AdmissionPlugin, Authorizer } from '@kubephant/serving';
import { defaultAdmission, type AdmissionConfig } from '.';

/** Masters may do everything, nobody else anything. */
export const onlyMasters: Authorizer = {
  authorize: async ({ user }) => ({ verdict: user.groups.includes('system:masters') ? 'allow' : 'noOpinion' }),
};

/** The plugins of every cluster, for tests. */
export const testAdmission = (config: Pick<AdmissionConfig, 'store' | 'clock'>): readonly AdmissionPlugin[] =>
  defaultAdmission({ store: config.store, ...(config.clock && { clock: config.clock }), authorizer: onlyMasters });
