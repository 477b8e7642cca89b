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

type Tokens = Parameters<typeof reviewToken>[2]['tokens'];

async function statusOf(token: string, audiences: readonly string[], tokens: Tokens): Promise<object> {
  try {
    const user = await tokens.authenticate(token, audiences);
    if (!user) return refused();
    const accepted = await acceptedBy(token, audiences, tokens);
    return { authenticated: true, user: userInfoOf(withAuthenticatedGroup(user)), audiences: accepted };
  } catch (err) {
    if (err instanceof StatusError && err.reason === 'Unauthorized') return refused(err.cause);
    throw err;
  }
}

const invalid = 'invalid bearer token';
const refused = (why?: unknown): object => ({
  user: {},
  error: typeof why === 'string' ? `[${invalid}, ${why}]` : invalid,
});

/** Those of the audiences that the token is meant for. */
async function acceptedBy(token: string, audiences: readonly string[], tokens: Tokens): Promise<readonly string[]> {
  if (audiences.length === 1) return audiences;
  const meant = async (audience: string): Promise<boolean> =>
    tokens.authenticate(token, [audience]).then(Boolean, () => false);
  const answers = await Promise.all(audiences.map(meant));
  return audiences.filter((_, i) => answers[i]);
}
