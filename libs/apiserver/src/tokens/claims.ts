/** An object a token is bound to: it dies with it. */
export interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** The node of a token's pod, of which perhaps only the name is known; or the node that a token is bound to. */
export interface Place {
  readonly name: string;
  readonly uid?: string;
}

/** What a service account token says (upstream: bound service account tokens, KEP-1205 and KEP-4193). Times in seconds. */
export interface ServiceAccountClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number;
  readonly jti: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly node?: Place;
    /** When whoever still uses the token is to be warned, in seconds since 1970. */
    readonly warnafter?: number;
  };
}

/** Claims of a token that we have signed have our form; this checks what is needed beyond doubt. */
export function asServiceAccountClaims(claims: Readonly<Record<string, unknown>>): ServiceAccountClaims | undefined {
  const candidate = claims as unknown as Partial<ServiceAccountClaims>;
  const bound = candidate['kubernetes.io'];
  const complete =
    typeof candidate.exp === 'number' &&
    typeof candidate.nbf === 'number' &&
    Array.isArray(candidate.aud) &&
    typeof bound?.namespace === 'string' &&
    typeof bound.serviceaccount.name === 'string' &&
    typeof bound.serviceaccount.uid === 'string';
  return complete ? (candidate as ServiceAccountClaims) : undefined;
}
