/** The kernel's packet filter, one transaction at a time. */
export interface Netfilter {
  /** Applies a script in nft's language (nft(8)) as a whole or not at all; rejects with what nft said. */
  apply(script: string, signal: AbortSignal): Promise<void>;
}

/** The kernel's routes to the pods of other nodes. */
export interface Routes {
  /** Adds or changes the route to `cidr`, by way of the neighbour `via`. */
  replace(cidr: string, via: string, signal: AbortSignal): Promise<void>;
  /** Harmless when there is none. */
  remove(cidr: string, signal: AbortSignal): Promise<void>;
}
