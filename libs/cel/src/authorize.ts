import type { Evaluation, EvaluationOptions, Bindings, Program } from './environment';
import { type AuthorizationCheck, type AuthorizationDecision, DecisionNeeded, type Decide } from './library/authz';

/** Asks the real authorizer; a rejection becomes a decision with an error. */
export type Authorize = (check: AuthorizationCheck) => Promise<AuthorizationDecision>;

/** Decisions already made in one request: a check is asked once, however many expressions ask. */
export class Decisions {
  readonly #known = new Map<string, AuthorizationDecision>();

  readonly decide: Decide = (check) => this.#known.get(keyOf(check));

  set(check: AuthorizationCheck, decision: AuthorizationDecision): void {
    this.#known.set(keyOf(check), decision);
  }
}

const keyOf = (check: AuthorizationCheck): string =>
  JSON.stringify(Object.entries(check).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Runs a program whose `authorizer` was made over `decisions`. It stops where a decision is missing and is run again
 * when there is one; its budget allows for two, so that it runs three times at most.
 */
export async function evaluateWithAuthorizer(
  program: Program,
  bindings: Bindings,
  decisions: Decisions,
  { authorize, ...options }: EvaluationOptions & { readonly authorize: Authorize },
): Promise<Evaluation> {
  for (;;) {
    try {
      return program.evaluate(bindings, options);
    } catch (error) {
      if (!(error instanceof DecisionNeeded)) throw error;
      decisions.set(error.check, await asked(authorize, error.check));
    }
  }
}

async function asked(authorize: Authorize, check: AuthorizationCheck): Promise<AuthorizationDecision> {
  try {
    return await authorize(check);
  } catch (error) {
    return { allowed: false, error: error instanceof Error ? error.message : String(error) };
  }
}
