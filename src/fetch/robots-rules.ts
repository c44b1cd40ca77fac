/** What a robots.txt says (RFC 9309), read as tolerantly as the big crawlers read it: whoever made a slip meant it all the same. */
import { readFileSync } from 'node:fs';
import { RobotsPath, RobotsPattern } from './robots-pattern.ts';

/** RFC 9309 §2.5: at least this much is read. What lies beyond is not, so that a file without end costs no more than this. */
export const MAX_ROBOTS_BYTES = 500 * 1024;
/**
 * Patterns with a star times characters of the address: beyond, judging takes a tenth of a second or more, and who serves
 * such a file or links to such an address means no good.
 */
const MAX_STEPS = 50_000_000;
/** Lines are shown in messages and looks. */
const MAX_SHOWN_CHARS = 200;

export interface RobotsVerdict {
  readonly isAllowed: boolean;
  /** The line that decided, such as `Disallow: /private/`, or what else did; none where no line speaks of the path. */
  readonly rule?: string;
  /** What the group asks for between two requests, uncapped; fractions of a second count. */
  readonly crawlDelayMs?: number;
  /** Addresses of sitemaps, absolute and of http or https, in the order of the file. They hold for every agent. */
  readonly sitemaps: readonly string[];
}

export interface RobotsRules {
  /**
   * @param userAgentToken the product token of a User-Agent, with or without a version behind it
   * @param pathWithQuery as a URL has it: `/news?page=2`
   */
  judge(userAgentToken: string, pathWithQuery: string): RobotsVerdict;
}

type Field = 'user-agent' | 'allow' | 'disallow' | 'crawl-delay' | 'sitemap';
interface Line {
  readonly field: Field;
  readonly value: string;
  /** The whole line, without its comment. */
  readonly text: string;
}

/** Lines between two sets of User-agent lines. */
interface Group {
  readonly rules: Line[];
  crawlDelayMs: number | undefined;
}
interface Rule {
  readonly isAllowing: boolean;
  readonly pattern: RobotsPattern;
  readonly text: string;
}
/** All groups of one agent as one, the rule that would win over the others first (§2.2.1, §2.2.2). */
interface Policy {
  readonly rules: readonly Rule[];
  /** How many of the rules have a star. */
  readonly starred: number;
  readonly crawlDelayMs: number | undefined;
}

let loaded: ReadonlyMap<string, Field> | undefined;
/** `config/robots.json`, read on first use: every spelling of a field that is understood. */
function spellings(): ReadonlyMap<string, Field> {
  if (loaded === undefined) {
    const text = readFileSync(new URL('../../config/robots.json', import.meta.url), 'utf8');
    const { fields } = JSON.parse(text) as { fields: { field: Field; spelled: string[] }[] };
    loaded = new Map(fields.flatMap(({ field, spelled }) => spelled.map((name) => [name, field] as const)));
  }
  return loaded;
}
/** Longer than any spelling; what comes before a colon may be a whole page. */
const MAX_FIELD_CHARS = 40;

/** The text as far as it is read: whole lines, so that no path is cut to one that covers more. */
export function readablePart(text: string): string {
  if (text.length * 3 <= MAX_ROBOTS_BYTES || Buffer.byteLength(text) <= MAX_ROBOTS_BYTES) return text;
  const head = Buffer.from(text.slice(0, MAX_ROBOTS_BYTES)).subarray(0, MAX_ROBOTS_BYTES).toString();
  return head.slice(0, Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1);
}

function lineOf(raw: string): Line | null {
  const comment = raw.indexOf('#');
  const text = (comment < 0 ? raw : raw.slice(0, comment)).trim();
  const colon = text.indexOf(':');
  // A blank in place of the colon is understood where it leaves no doubt: two words, the first a field.
  const cut = colon >= 0 ? colon : text.search(/\s/);
  if (cut < 0 || cut > MAX_FIELD_CHARS) return null;
  const field = spellings().get(text.slice(0, cut).trim().toLowerCase());
  const value = text.slice(cut + 1).trim();
  if (field === undefined || (colon < 0 && /\s/.test(value))) return null;
  return { field, value, text };
}

/** The name of a crawler as lines and User-Agents spell it: up to a version or a remark, case aside. */
const tokenOf = (agent: string): string => /^[\w.-]*/.exec(agent.trim())![0].toLowerCase();

/** `*`, also with a remark behind it. */
const isEveryone = (agent: string): boolean => /^\*(?:\s|$)/.test(agent);

/** Seconds, fractions allowed; undefined for what is no number. */
function delayMsOf(value: string): number | undefined {
  const seconds = /^(?:\d+(?:[.,]\d+)?|[.,]\d+)/.exec(value)?.[0].replace(',', '.');
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/**
 * Reads a robots.txt; never throws. What is no line of one is passed over, so a web page served in its place has no rules.
 * A line that is neither a rule nor a User-agent, Crawl-delay included, ends no group (§2.2.4).
 */
export function parseRobots(text: string): RobotsRules {
  const groups = new Map<string, Group[]>();
  const sitemaps = new Set<string>();
  let group: Group = { rules: [], crawlDelayMs: undefined };
  /** True until the group has a rule: further User-agent lines belong to it. */
  let isOpen = false;
  for (const raw of readablePart(text)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)) {
    const line = lineOf(raw);
    if (line === null) continue;
    const { field, value } = line;
    if (field === 'user-agent') {
      if (!isOpen) group = { rules: [], crawlDelayMs: undefined };
      isOpen = true;
      const agent = isEveryone(value) ? '*' : tokenOf(value);
      const known = groups.get(agent);
      if (known === undefined) groups.set(agent, [group]);
      else if (known.at(-1) !== group) known.push(group);
    } else if (field === 'sitemap') {
      if (isWebAddress(value)) sitemaps.add(value);
    } else if (field === 'crawl-delay') {
      group.crawlDelayMs = longer(group.crawlDelayMs, delayMsOf(value));
    } else {
      // An empty path forbids and allows nothing, and still is a rule of its group.
      isOpen = false;
      group.rules.push(line);
    }
  }
  return new ParsedRobots(groups, [...sitemaps]);
}

const longer = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

class ParsedRobots implements RobotsRules {
  readonly #groups: ReadonlyMap<string, readonly Group[]>;
  readonly #sitemaps: readonly string[];
  /** Of the token last asked about: a crawler has one. */
  #last: { readonly token: string; readonly policy: Policy } | undefined;

  constructor(groups: ReadonlyMap<string, readonly Group[]>, sitemaps: readonly string[]) {
    this.#groups = groups;
    this.#sitemaps = sitemaps;
  }

  judge(userAgentToken: string, pathWithQuery: string): RobotsVerdict {
    const policy = this.#policyOf(tokenOf(userAgentToken));
    const { crawlDelayMs } = policy;
    const rule = decisive(policy, new RobotsPath(pathWithQuery));
    return {
      isAllowed: rule?.isAllowing ?? true,
      ...(rule && { rule: rule.text }),
      ...(crawlDelayMs !== undefined && { crawlDelayMs }),
      sitemaps: this.#sitemaps,
    };
  }

  #policyOf(token: string): Policy {
    if (this.#last?.token !== token) {
      const policy = policyOf(this.#groups.get(token) ?? this.#groups.get('*') ?? []);
      this.#last = { token, policy };
    }
    return this.#last!.policy;
  }
}

/** The rule that decides on a path; none where no rule speaks of it. */
function decisive({ rules, starred }: Policy, path: RobotsPath): Pick<Rule, 'isAllowing' | 'text'> | undefined {
  // §2.2.2: /robots.txt itself is implicitly allowed.
  if (path.spelled === '/robots.txt') return undefined;
  const { length } = path.spelled;
  if (starred * length > MAX_STEPS) {
    return { isAllowing: false, text: `${starred} patterns, too many to try on an address of ${length} characters` };
  }
  return rules.find(({ pattern }) => pattern.fits(path));
}

function policyOf(groups: readonly Group[]): Policy {
  const rules = groups
    .flatMap((group) => group.rules)
    .filter(({ value }) => value !== '')
    .map(({ field, value, text }) => ({
      isAllowing: field === 'allow',
      pattern: new RobotsPattern(value),
      text: text.slice(0, MAX_SHOWN_CHARS),
    }));
  rules.sort((a, b) => b.pattern.octets - a.pattern.octets || Number(b.isAllowing) - Number(a.isAllowing));
  let crawlDelayMs: number | undefined;
  for (const group of groups) crawlDelayMs = longer(crawlDelayMs, group.crawlDelayMs);
  const starred = rules.filter(({ pattern }) => pattern.hasStar).length;
  return { rules, starred, crawlDelayMs };
}
