import type { Clock } from '../core/clock.ts';
import type { Gate } from '../core/frontier-ports.ts';

/** Every address of a host name; rejects as `dns.lookup` does (`cause.code` such as ENOTFOUND). */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** What one HTTP fetcher is made of. Defaults live in `config/tearsheet.yaml` under `fetch`, by the same names. */
export interface HttpOptions {
  /** Sent as User-Agent: name, version and the operator's contact. */
  readonly userAgent: string;
  /** Sent as Accept-Language; left out when not given. */
  readonly acceptLanguage?: string;
  /** From the first look at the host name to a connection that can carry the request, TLS included. */
  readonly connectTimeoutMs: number;
  /** From the request sent to the end of the answer's headers. */
  readonly headersTimeoutMs: number;
  /** From the end of the headers to the end of the body, however lively it comes. */
  readonly bodyTimeoutMs: number;
  /** Between two pieces of the body; no limit of its own when not given. */
  readonly idleTimeoutMs?: number;
  /** Of one body as it comes over the wire, before content-decoding. */
  readonly maxWireBytes: number;
  /** Of one body after content-decoding. */
  readonly maxInflatedBytes: number;
  /** Redirects followed for one page; 0 follows none. */
  readonly maxRedirects: number;
  /** Further attempts after the first; 0 tries once. */
  readonly maxRetries: number;
  /** Wait before the first further attempt; doubled for each one after. */
  readonly retryBaseMs: number;
  /** Longest wait between two attempts. A server that asks for more gets no further attempt. */
  readonly maxRetryWaitMs: number;
  /** Addresses and CIDR ranges let through although they are not public. */
  readonly allowAddresses: readonly string[];
  /** `require` refuses what cannot be verified; `record` goes on and keeps the reason with the capture. */
  readonly verifyTls: 'require' | 'record';
  readonly clock: Clock;
  /** PEM certificates trusted besides those that Node ships. */
  readonly trustedCertificates?: readonly string[];
  /** How host names are resolved; the system's way when not given. */
  readonly lookup?: Lookup;
  /** 0 to 1, spreads the waits between attempts; `Math.random` when not given. */
  readonly jitter?: () => number;
  /** Every request of every chain passes it; each goes out at once when not given. */
  readonly gate?: Gate;
}
