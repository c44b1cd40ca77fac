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

/** A flag with a value; undefined where it was not given. */
export const textFlag = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
