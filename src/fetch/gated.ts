/** A request's turn at the gate, and what its host is told to have done. */
import type { Clock } from '../core/clock.ts';
import { TearsheetError, type ErrorCode } from '../core/errors.ts';
import type { Gate, HopOutcome } from '../core/frontier-ports.ts';
import type { HeaderLines } from '../core/ports.ts';
import { valuesOf, type Answer, type Order } from './exchange.ts';
import { retryAfterMs } from './retry.ts';

/** Faults that speak against the host: it was asked, or looked for, and did not answer as it should. */
const FAULTS_OF_HOST: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_FETCH_DNS',
  'E_FETCH_CONNECT',
  'E_FETCH_TIMEOUT',
  'E_FETCH_TLS',
  'E_FETCH_TRUNCATED',
  'E_FETCH_PROTOCOL',
]);

interface Head {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly at: number;
}

/**
 * Sends the order when its host's turn comes, and ends the turn with the exchange, however that ends. Throws as `send` and
 * `gate.enter` do.
 */
export async function inTurn<T extends { readonly answer: Answer }>(
  gate: Gate,
  clock: Clock,
  order: Order,
  signal: AbortSignal | undefined,
  send: (order: Order) => Promise<T>,
): Promise<T> {
  const leave = await gate.enter(order.url.host, signal);
  const sentAt = clock.now();
  let head: Head | undefined;
  const admit: Order['admit'] = (status, headers) => {
    head = { status, headers, at: clock.now() };
    order.admit(status, headers);
  };
  let outcome: HopOutcome | undefined;
  try {
    const sent = await send({ ...order, admit });
    outcome = outcomeOf(head, sentAt);
    return sent;
  } catch (error) {
    if (isFaultOfHost(error, head)) outcome = { status: 0, latencyMs: clock.now() - sentAt };
    // What came was refused by us (its type, its size); the host did its part.
    else if (!isStopped(error)) outcome = outcomeOf(head, sentAt);
    throw error;
  } finally {
    leave(outcome);
  }
}

const isStopped = (error: unknown): boolean => error instanceof TearsheetError && error.code === 'E_INTERRUPTED';

/** A status that we refuse as no HTTP after its head came is the host's word, not its silence. */
const isFaultOfHost = (error: unknown, head: Head | undefined): boolean =>
  error instanceof TearsheetError &&
  FAULTS_OF_HOST.has(error.code) &&
  !(error.code === 'E_FETCH_PROTOCOL' && head !== undefined);

function outcomeOf(head: Head | undefined, sentAt: number): HopOutcome | undefined {
  if (head === undefined) return undefined;
  const { status, headers, at } = head;
  const askedMs = retryAfterMs(valuesOf(headers, 'retry-after')[0], at);
  return { status, latencyMs: at - sentAt, ...(askedMs !== null && { retryAfterMs: askedMs }) };
}
