/** What a request is answered with. Strings may hold placeholders and references, see placeholders.ts. */
export interface Answer {
  readonly status: number;
  /** Parsed when it is JSON; without it the body is not looked at. */
  readonly body?: unknown;
  /** What is found at these JSON pointers of the body, where not all of it is looked at; null is nothing. */
  readonly parts?: Readonly<Record<string, unknown>>;
  /** Texts of the `Warning` header fields, in their order; none when absent. */
  readonly warnings?: readonly string[];
  /** By lower-case name; only those that are named are compared. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  /** `PATCH /api/v1/nodes/n?force=true`; references are resolved in it, too. */
  readonly ask: string;
  /** Whose token is sent, `NAME-token`; `nobody` sends none, the default is the administrator. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** The body when it is no text: its bytes in hexadecimal. */
  readonly hex?: string;
}

export interface Step extends Request {
  /** Asked again until the answer is as wanted: what runs inside the server follows a write by a moment. */
  readonly eventually?: boolean;
  readonly answer: Answer;
}

/** One line of a file of cases: requests that are asked in their order, each with upstream's answer. */
export interface Case {
  /** Unique in its class. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What the answer to a step is called: as its case, with the number of the step when there are several. */
export const answerName = ({ name, steps }: Case, step: number): string =>
  steps.length === 1 ? name : `${name} #${step}`;
