/** Which addresses belong to a source and may be followed. */
import { TearsheetError } from '../core/errors.ts';
import type { TargetKind } from '../core/ports.ts';
import { claimsOf } from '../core/sources.ts';
import type { Source } from '../core/sources.ts';
import { canonicalUrl, parseUrl } from '../core/url.ts';
import { endingsOfNoPages, limits } from './rules.ts';

/** Why an address is followed or not; a closed list, since summaries count by it. */
export const SCOPE_REASONS = [
  'in scope',
  'no address',
  'too long',
  'other site',
  'not a page',
  'not included',
  'excluded',
] as const;
export type ScopeReason = (typeof SCOPE_REASONS)[number];
export interface Admission {
  readonly isAdmitted: boolean;
  readonly why: ScopeReason;
}

export interface ScopeOptions {
  /** The front page: its site is the scope's. Without one, and without claims, nothing is in scope. */
  readonly home?: string | undefined;
  /** Host names that are in scope, each with its subdomains; the registrable domain of `home` unless given. */
  readonly claims?: readonly string[];
  /** Regular expressions over the canonical address of pages: one must match where there are any, and none of `exclude` may. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

const withoutDots = (host: string): string => host.replace(/\.+$/, '');
/** Hosts whose ports are sites of their own: nobody rents out a port of a name, and everyone does of a machine. */
const isMachine = (host: string): boolean => /^\d+(?:\.\d+){3}$|^\[|^localhost$/.test(host);

export class Scope {
  readonly #home: URL | null;
  readonly #claims: readonly string[];
  readonly #include: readonly RegExp[];
  readonly #exclude: readonly RegExp[];

  /** Throws `E_URL_INVALID`, `E_URL_SCHEME` for a home that is no page, `E_SOURCE_INVALID` for a broken regular expression. */
  constructor({ home, claims, include = [], exclude = [] }: ScopeOptions) {
    this.#home = home === undefined ? null : parseUrl(home);
    this.#claims = claims ?? (home === undefined ? [] : claimsOf({ name: 'home', home }));
    this.#include = include.map(compiled);
    this.#exclude = exclude.map(compiled);
  }

  /** Patterns and file types are for pages: a feed or a sitemap only has to be the site's. */
  admits(url: string, kind: TargetKind = 'page'): Admission {
    const why = this.#reason(url, kind);
    return { isAdmitted: why === 'in scope', why };
  }

  /** Whether one of the patterns names the address: then the operator wants it, whatever it looks like. */
  includes(url: string): boolean {
    if (this.#include.length === 0 || url.length > limits().maxAddressChars) return false;
    const name = nameOf(url);
    return name !== null && this.#include.some((pattern) => pattern.test(name));
  }

  #reason(url: string, kind: TargetKind): ScopeReason {
    // Also what keeps the time of patterns in bounds.
    if (url.length > limits().maxAddressChars) return 'too long';
    const address = webAddressOf(url);
    if (address === null) return 'no address';
    const isOfSite = this.#isOfSite(address) || (kind === 'page' && this.#isOfSite(new URL(nameOf(url) ?? url)));
    if (!isOfSite) return 'other site';
    if (kind !== 'page') return 'in scope';
    const ending = /\.([a-z0-9]{2,5})$/i.exec(address.pathname)?.[1];
    if (ending !== undefined && endingsOfNoPages().has(ending.toLowerCase())) return 'not a page';
    if (this.#include.length === 0 && this.#exclude.length === 0) return 'in scope';
    const name = nameOf(url) ?? url;
    if (this.#exclude.some((pattern) => pattern.test(name))) return 'excluded';
    return this.#include.length === 0 || this.#include.some((pattern) => pattern.test(name))
      ? 'in scope'
      : 'not included';
  }

  #isOfSite(url: URL): boolean {
    const host = withoutDots(url.hostname);
    if (isMachine(host) && this.#home !== null && url.port !== this.#home.port) return false;
    if (this.#home !== null && host === withoutDots(this.#home.hostname)) return true;
    return this.#claims.some((claim) => host === claim || host.endsWith(`.${claim}`));
  }
}

function webAddressOf(url: string): URL | null {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return new URL(url);
}

/** The canonical address, which patterns are about; null for what has none. */
function nameOf(url: string): string | null {
  try {
    return canonicalUrl(url);
  } catch {
    return null;
  }
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (cause) {
    throw new TearsheetError(
      'E_SOURCE_INVALID',
      `scope: expected a regular expression, got ${JSON.stringify(pattern)}; mend the source file`,
      { cause },
    );
  }
}

/** The scope of a source; without one everything on the site of `home`; without either, nothing. */
export function scopeOf(source: Source | undefined, { home }: { readonly home?: string } = {}): Scope {
  if (source === undefined) return new Scope({ home });
  return new Scope({ ...source.file.scope, home: source.home, claims: source.claims });
}
