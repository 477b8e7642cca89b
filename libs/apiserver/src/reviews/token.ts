import { badRequest, StatusError } from '@kubephant/api';
import type { TokenReview } from '@kubephant/schema';
import { withAuthenticatedGroup } from '../authentication/authenticate';
import { userInfoOf } from './subject';
import type { Review } from './reviews';

/** Whose token is this? Asked by kubelets and other servers that accept the cluster's tokens. */
export const reviewToken: Review<TokenReview> = async (input, _, { tokens, audiences: own }) => {
  const { token, audiences = [] } = input.spec;
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const asked = audiences.length > 0 ? audiences : own;
  return { ...input, status: await statusOf(token, asked, tokens) };
};

const unknown = { user: {}, error: 'invalid bearer token' };

async function statusOf(
  token: string,
  audiences: readonly string[],
  tokens: Parameters<typeof reviewToken>[2]['tokens'],
): Promise<object> {
  try {
    const user = await tokens.authenticate(token, audiences);
    return user ? { authenticated: true, user: userInfoOf(withAuthenticatedGroup(user)), audiences } : unknown;
  } catch (err) {
    if (err instanceof StatusError && err.reason === 'Unauthorized') return unknown;
    throw err;
  }
}
