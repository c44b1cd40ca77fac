/** Times as feeds and sitemaps claim them: when a claim says that something is newer than what was seen. */
import type { Hints } from '../core/frontier-ports.ts';

const HOUR_MS = 3_600_000;
/** A time without a zone can lie so far west of Greenwich. */
const WESTERNMOST_MS = 12 * HOUR_MS;
const WRITTEN =
  /^([1-9]\d{3})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/i;

/** How much a claim leaves open: the whole year, month or day, or where on Earth its clock stands. */
function slackMs([, year, month, day, hour, , , , zone]: RegExpExecArray): number {
  if (hour !== undefined) return zone === undefined ? WESTERNMOST_MS : 0;
  const first = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  const next =
    day !== undefined
      ? first + 24 * HOUR_MS
      : Date.UTC(month === undefined ? Number(year) + 1 : Number(year), month === undefined ? 0 : Number(month), 1);
  return next - first - 1 + WESTERNMOST_MS;
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** The span of moments that a claimed time can mean (ISO 8601, whole or cut), ms since 1970; null for what is no time. */
export function momentsOf(claim: string | undefined): { readonly earliest: number; readonly latest: number } | null {
  const found = WRITTEN.exec((claim ?? '').trim());
  if (found === null) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone] = found;
  const parts = [Number(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  if (parts[0] < 1 || parts[0] > 12 || parts[1] < 1 || parts[1] > 31 || parts[2] > 24 || parts[3] > 59 || parts[4] > 60)
    return null;
  const at =
    Date.UTC(
      Number(year),
      parts[0] - 1,
      parts[1],
      parts[2],
      parts[3],
      parts[4],
      Number(fraction.padEnd(3, '0').slice(0, 3)),
    ) - offsetMs(zone);
  return { earliest: at, latest: at + slackMs(found) };
}

/** The latest moment that any claim of these hints can mean; null where they claim none. */
export function latestClaim({ date, lastmod }: Hints): number | null {
  const claims = [momentsOf(date), momentsOf(lastmod)].flatMap((moments) => (moments === null ? [] : [moments.latest]));
  return claims.length === 0 ? null : Math.max(...claims);
}

/**
 * Whether `next` claims what `known` did not yet, and says that it is newer than the last look. A claim that was there at that
 * look is no news, however late it is: clocks and calendars of publishers run ahead.
 */
export function claimsNews(known: Hints, next: Hints, lastAt: number): boolean {
  return (['date', 'lastmod'] as const).some((name) => {
    const moments = next[name] === known[name] ? null : momentsOf(next[name]);
    return moments !== null && moments.latest > lastAt;
  });
}
