import { TearsheetError, type ErrorCode } from '../core/errors.ts';
import type { HttpOptions } from './options.ts';

/** Long enough to know a page by, short enough for one line. */
const MAX_URL_CHARS = 300;

/** A URL as messages show it: without credentials, cut to one line's length. */
export function shownUrl(url: URL | string): string {
  let spelled = String(url);
  if (URL.canParse(spelled)) {
    const bare = new URL(spelled);
    bare.username = '';
    bare.password = '';
    spelled = bare.href;
  }
  return spelled.length > MAX_URL_CHARS ? `${spelled.slice(0, MAX_URL_CHARS)}…` : spelled;
}

/** The names of the options that are limits: numbers that an operator may raise. */
type LimitName = {
  [K in keyof HttpOptions]-?: NonNullable<HttpOptions[K]> extends number ? K : never;
}[keyof HttpOptions];

/** The error of a limit: what it is, what came, and the setting that moves it. */
export function limitError(
  code: ErrorCode,
  url: URL | string,
  expected: string,
  got: string,
  setting: LimitName,
): TearsheetError {
  const message = `${shownUrl(url)}: expected ${expected}, got ${got}; raise fetch.${setting} to let it through`;
  return new TearsheetError(code, message);
}
