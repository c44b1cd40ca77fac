/** What to do after an attempt that did not bring the page: never again, again after a while, or when the server says. */
import type { Clock } from '../core/clock.ts';
import { TearsheetError, type ErrorCode } from '../core/errors.ts';
import type { Capture } from '../core/ports.ts';
import { shownUrl } from './limit.ts';

type RetryClass = 'never' | 'retry' | 'retry-after';

/** Faults of a moment. What is not here (a refused address, a type, a limit) would be the same again. */
const CLASS_OF_ERROR: Partial<Record<ErrorCode, RetryClass>> = {
  E_FETCH_DNS: 'retry',
  E_FETCH_CONNECT: 'retry',
  E_FETCH_TIMEOUT: 'retry',
  E_FETCH_TRUNCATED: 'retry',
  E_FETCH_ENCODING: 'retry',
  E_FETCH_PROTOCOL: 'retry',
};
/** RFC 9110 §10.2.3 and RFC 6585 §4 give Retry-After to these; 501, 505 and 511 say what a second question cannot change. */
const CLASS_OF_STATUS: Readonly<Record<number, RetryClass>> = {
  429: 'retry-after',
  501: 'never',
  503: 'retry-after',
  505: 'never',
  511: 'never',
};

export const retryClassOfStatus = (status: number): RetryClass =>
  CLASS_OF_STATUS[status] ?? (status >= 500 ? 'retry' : 'never');

export function retryClassOfError(error: unknown): RetryClass {
  if (!(error instanceof TearsheetError)) return 'never';
  // The resolver's "there is no such name" is an answer, not a fault of the moment.
  if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOTFOUND') return 'never';
  return CLASS_OF_ERROR[error.code] ?? 'never';
}

/** Milliseconds from `now` that a Retry-After value asks for (seconds or a date, RFC 9110 §10.2.3); null for neither. */
export function retryAfterMs(value: string | undefined, now: number): number | null {
  const text = (value ?? '').trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(date - now, 0);
}

export interface RetryPlan {
  readonly maxRetries: number;
  readonly retryBaseMs: number;
  readonly maxRetryWaitMs: number;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly jitter: () => number;
}

/** Exponential, and spread over its upper half so that many readers of a fallen site do not come back at once. */
function backoffMs(retry: number, { retryBaseMs, maxRetryWaitMs, jitter }: RetryPlan): number {
  return Math.round(Math.min(retryBaseMs * 2 ** retry, maxRetryWaitMs) * (0.5 + jitter() / 2));
}

/** How long to wait after this capture; null where it is the last word. */
function waitAfterCapture(capture: Capture, retry: number, plan: RetryPlan): number | null {
  const retryClass = retryClassOfStatus(capture.status);
  if (retryClass === 'never') return null;
  const askedMs = retryClass === 'retry-after' ? retryAfterMs(capture.headers['retry-after'], plan.clock.now()) : null;
  if (askedMs === null || askedMs === 0) return backoffMs(retry, plan);
  return askedMs <= plan.maxRetryWaitMs ? askedMs : null;
}

/** What an attempt brought: a capture, or an error to throw. */
type Attempt = { readonly capture: Capture } | { readonly error: unknown };

const isTurnedAway = (error: unknown): boolean => error instanceof TearsheetError && error.code === 'E_FETCH_HOST_DOWN';

/**
 * Runs `attempt` until it brings something that is no fault of the moment, at most `maxRetries` times more than once.
 * Gives the last capture, whatever its status; throws the last error, which then says how often it was tried.
 */
export async function withRetries(
  attempt: () => Promise<Capture>,
  plan: RetryPlan,
  url: string,
  signal?: AbortSignal,
): Promise<Capture> {
  let before: Attempt | undefined;
  for (let retry = 0; ; retry++) {
    const made = await madeOf(attempt);
    // A host that meanwhile is left alone was not asked: what the attempt before brought is the last word.
    const isBefore = before !== undefined && 'error' in made && isTurnedAway(made.error);
    const last = isBefore ? before! : made;
    const waitMs = isBefore || retry >= plan.maxRetries ? null : waitAfter(last, retry, plan);
    if (waitMs === null) {
      if ('capture' in last) return last.capture;
      throw counted(last.error, isBefore ? retry : retry + 1);
    }
    before = made;
    await pause(waitMs, plan.clock, url, signal);
  }
}

const madeOf = (attempt: () => Promise<Capture>): Promise<Attempt> =>
  attempt().then(
    (capture) => ({ capture }),
    (error: unknown) => ({ error }),
  );

function waitAfter(made: Attempt, retry: number, plan: RetryPlan): number | null {
  if ('capture' in made) return waitAfterCapture(made.capture, retry, plan);
  return retryClassOfError(made.error) === 'never' ? null : backoffMs(retry, plan);
}

async function pause(waitMs: number, clock: Clock, url: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(waitMs, signal);
  } catch (cause) {
    const message = `${shownUrl(url)}: expected to try again in ${waitMs} ms, got a stop signal; run again to fetch it`;
    throw new TearsheetError('E_INTERRUPTED', message, { cause });
  }
}

function counted(error: unknown, attempts: number): unknown {
  if (attempts === 1 || !(error instanceof TearsheetError) || error.code === 'E_INTERRUPTED') return error;
  return new TearsheetError(error.code, `${error.message} (tried ${attempts} times)`, { cause: error.cause });
}
