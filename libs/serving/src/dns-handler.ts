/** A DNS question of class IN. `name` is lower case and has no final dot. */
export interface DnsQuestion {
  readonly name: string;
  /** `A`, `SRV`, …; `TYPE65` where the type has no name here. */
  readonly type: string;
}

/** A resource record of class IN, with data in the form its type has in dns-packet. */
export type DnsRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'NS'; readonly data: string }
  | { readonly type: 'TXT'; readonly data: string }
  | {
      readonly type: 'SRV';
      readonly data: {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      };
    }
  | {
      readonly type: 'SOA';
      readonly data: {
        readonly mname: string;
        readonly rname: string;
        readonly serial: number;
        readonly refresh: number;
        readonly retry: number;
        readonly expire: number;
        readonly minimum: number;
      };
    }
);

export type DnsCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

export interface DnsResponse {
  readonly code: DnsCode;
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities?: readonly DnsRecord[];
  readonly additionals?: readonly DnsRecord[];
}

/** How the question came. */
export interface DnsContext {
  readonly protocol: 'udp' | 'tcp';
  readonly family: '1' | '2';
  /** The datagram or message itself, for handlers that pass it on as it is. */
  readonly query: Uint8Array;
  readonly signal: AbortSignal;
}

/** A complete answer as bytes (from an upstream server), or one to be encoded. Undefined: not mine, ask the next in the chain. */
export type DnsHandler = (
  question: DnsQuestion,
  context: DnsContext,
) => Promise<DnsResponse | { readonly message: Uint8Array } | undefined>;
