/** Values of flags, checked. */
import { TearsheetError } from '../core/errors.ts';

/** A version's number, or undefined where the flag was not given. Throws `E_CLI_USAGE`. */
export function versionFlag(value: unknown, flag: string): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value).replace(/^v/i, '');
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new TearsheetError(
      'E_CLI_USAGE',
      `expected the number of a version for ${flag}, such as 2, got ${JSON.stringify(value)}`,
    );
  }
  return Number(text);
}

/**
 * A day, or a moment of it, in UTC, as the archive spells times; undefined where the flag was not given. Throws `E_CLI_USAGE`.
 */
export function timeFlag(value: unknown, flag: string): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value).toUpperCase();
  const isSpelled = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/.test(text);
  const ms = isSpelled ? Date.parse(text) : Number.NaN;
  // Some engines take 30 February for 2 March.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 10))) {
    const message = `expected a day for ${flag}, such as 2026-01-31 or 2026-01-31T12:00:00Z, got ${JSON.stringify(value)}`;
    throw new TearsheetError('E_CLI_USAGE', message);
  }
  return new Date(ms).toISOString();
}

/** A number of things, at least 1; undefined where the flag was not given. Throws `E_CLI_USAGE`. */
export function countFlag(value: unknown, flag: string, most = 999_999_999): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(String(value)) || Number(value) > most) {
    const range = most === 999_999_999 ? 'from 1 on' : `from 1 to ${most}`;
    throw new TearsheetError('E_CLI_USAGE', `expected a number ${range} for ${flag}, got ${JSON.stringify(value)}`);
  }
  return Number(value);
}

/** A flag with a value; undefined where it was not given. */
export const textFlag = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
