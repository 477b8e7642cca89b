import { timestamp } from '@kubephant/api';
import type { SelfSubjectReview } from '@kubephant/schema';
import type { UserInfo } from '@kubephant/serving';
import type { Review } from './reviews';

/** Who am I? */
export const reviewSubject: Review<SelfSubjectReview> = async ({ kind, apiVersion }, { user }, { clock }) => ({
  kind,
  apiVersion,
  metadata: { creationTimestamp: timestamp(clock.now()) },
  status: { userInfo: userInfoOf(user) },
});

/** authentication/v1 UserInfo. */
export const userInfoOf = ({ name, uid, groups, extra }: UserInfo): object => ({
  username: name,
  ...(uid && { uid }),
  groups,
  ...(extra && { extra }),
});
