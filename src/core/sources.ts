/** Sources: what is known of single publishers, which pages are theirs, and which of their rules are for a day. */
import { sha256, spell } from './digest.ts';
import type { ArticleSource } from './identity.ts';
import type { Label } from './labels.ts';
import type { SourceFile, SourceRule } from './source-schema.ts';
import { canonicalUrl, registrableDomain } from './url.ts';

/** What the cleaner is told of a publisher. */
export interface SourceRules {
  readonly name: string;
  readonly rules?: readonly SourceRule[];
}
/** A source file that was read and found sound. */
export interface Source extends ArticleSource, SourceRules {
  readonly file: SourceFile;
  /** Where it was read from. */
  readonly path: string;
  /** Host names it answers for, each with its subdomains. */
  readonly claims: readonly string[];
}

/** Elements that one rule picks, and what it says of them. */
export interface Selection {
  readonly says: 'drop' | 'keep' | 'label';
  readonly selector: string;
  /** Of `label` only. */
  readonly label?: Label;
}
export interface RuleInForce {
  /** As it stands in the reasons of a block: `source/<name>/<id>`, the id being its number in the file unless it has one. */
  readonly id: string;
  readonly selections: readonly Selection[];
}

const listed = (selectors: string | readonly string[] | undefined): readonly string[] =>
  selectors === undefined ? [] : typeof selectors === 'string' ? [selectors] : selectors;

/** What a rule picks, in the order in which later beats earlier: drop, keep, label. */
export function selectionsOf({ drop, keep, label = [] }: SourceRule): Selection[] {
  const labels = Array.isArray(label)
    ? label
    : Object.entries(label).map(([selector, one]) => ({ selector, label: one }));
  return [
    ...listed(drop).map((selector) => ({ says: 'drop', selector }) as const),
    ...listed(keep).map((selector) => ({ says: 'keep', selector }) as const),
    ...labels.map((one) => ({ says: 'label', ...one }) as const),
  ];
}

export const ruleName = (source: string, rule: SourceRule, n: number): string => `source/${source}/${rule.id ?? n + 1}`;

/**
 * Whether a rule is for a capture of `at` (UTC, as the archive spells times): from the first moment of `validFrom` on, and
 * no longer from the first moment of `validUntil` on. Of a capture whose time is not known it is where it has no end.
 */
export function isInForce({ validFrom, validUntil }: SourceRule, at: string | undefined): boolean {
  if (at === undefined) return validUntil === undefined;
  return (validFrom === undefined || at >= validFrom) && (validUntil === undefined || at < validUntil);
}

/** The rules of a source for a capture of `at`, in their order. */
export const rulesInForce = ({ name, rules = [] }: SourceRules, at: string | undefined): RuleInForce[] =>
  rules.flatMap((rule, n) =>
    isInForce(rule, at) ? [{ id: ruleName(name, rule, n), selections: selectionsOf(rule) }] : [],
  );

/**
 * Digest of all rules that a page is read with: that of the cleaning rules, where no rule of a source is for it; else one over
 * both. Days are no part of it, so a rule for other days leaves it as it is.
 */
export function digestOfRules(general: string, source: SourceRules | undefined, at: string | undefined): string {
  const inForce = source === undefined ? [] : rulesInForce(source, at);
  return inForce.length === 0 ? general : sha256(`${general}\n${spell(inForce)}`);
}

const withoutWww = (host: string): string => host.replace(/^www\.(?=[^.]+\.)/, '');

/**
 * The host names that a source answers for: its home's registrable domain; where it lists hosts, those and its home's own
 * host instead, so that two sources may share a domain.
 */
export function claimsOf({ home, hosts = [] }: SourceFile): string[] {
  const homeHost = new URL(home).hostname;
  const names =
    hosts.length === 0
      ? [registrableDomain(homeHost)]
      : [homeHost, ...hosts.map((host) => new URL(`https://${host.replace(/^\*\./, '')}`).hostname)];
  return [...new Set(names.map(withoutWww))];
}

/** Host of the page's name; empty for an address that has none. */
function mainHostOf(url: string): string {
  try {
    return new URL(canonicalUrl(url)).hostname;
  } catch {
    return '';
  }
}

/** All sources, and whose a page is. */
export class Sources {
  readonly list: readonly Source[];
  readonly #byHost = new Map<string, Source>();

  constructor(list: readonly Source[]) {
    this.list = list;
    for (const source of list) for (const host of source.claims) this.#byHost.set(host, source);
  }

  /** The source whose host names fit an address best, or that of the page which its AMP or mobile twin shows; undefined for none. */
  of(url: string): Source | undefined {
    if (this.#byHost.size === 0 || !URL.canParse(url)) return undefined;
    const { protocol, hostname } = new URL(url);
    if (!/^https?:$/.test(protocol)) return undefined;
    return this.#ofHost(hostname) ?? this.#ofHost(mainHostOf(url));
  }

  #ofHost(host: string): Source | undefined {
    const labels = host.replace(/\.+$/, '').split('.');
    for (let from = 0; from < labels.length; from += 1) {
      const source = this.#byHost.get(labels.slice(from).join('.'));
      if (source !== undefined) return source;
    }
    return undefined;
  }
}

export const NO_SOURCES = new Sources([]);
