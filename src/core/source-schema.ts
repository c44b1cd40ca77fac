/**
 * The shape of a source file, `config/sources/<name>.yaml`: what is known of one publisher. Loaded only where there is one,
 * since zod takes 50 ms. Each `error` is what was expected, in the words of a message.
 */
import { z } from 'zod';
import { LABELS } from './labels.ts';

const MAX_LIST = 1000;
const MAX_CHARS = 2000;

const text = (expected: string) => z.string({ error: expected }).max(MAX_CHARS, { error: expected });
const spelled = (pattern: RegExp, expected: string) => text(expected).regex(pattern, { error: expected });
const listOf = <T extends z.ZodType>(of: T, expected: string) =>
  z.array(of, { error: expected }).max(MAX_LIST, { error: expected });

const address = spelled(/^https?:\/\/[^\s/?#]+/i, 'an address such as https://www.daily.example/');
const pattern = text('a regular expression such as "/(\\d{6,})-"').min(1, { error: 'a regular expression' });
const selector = text('a CSS selector such as "aside.teaser"').min(1, { error: 'a CSS selector' });
const selectors = z.union(
  [selector, listOf(selector, 'CSS selectors').min(1, { error: 'at least one CSS selector' })],
  {
    error: 'a CSS selector or a list of them',
  },
);
const label = z.enum(LABELS, { error: 'a label that the README lists' });
const day = spelled(/^\d{4}-\d\d-\d\d$/, 'a day such as 2026-01-31');

export const SourceRule = z.strictObject(
  {
    id: spelled(/^[a-z][a-z0-9-]{0,59}$/, 'a short name in lower case such as old-teaser')
      .describe('Name of the rule in the reasons of a block; its number in the file unless given.')
      .exactOptional(),
    reason: text('a sentence').describe('Why the rule is needed; for people.').exactOptional(),
    validFrom: day
      .describe('First day, in UTC, whose captures are read with the rule; from the beginning unless given.')
      .exactOptional(),
    validUntil: day
      .describe('First day, in UTC, whose captures are read without it again; for ever unless given.')
      .exactOptional(),
    drop: selectors.describe('Elements whose text is not the article.').exactOptional(),
    keep: selectors.describe("Elements whose text is the article's body.").exactOptional(),
    label: z
      .union(
        [
          z.record(selector, label, { error: 'labels by selector' }),
          listOf(
            z.strictObject({ selector, label }, { error: 'a selector and its label' }),
            'selectors with labels',
          ).min(1, {
            error: 'at least one selector with its label',
          }),
        ],
        { error: 'labels by selector, such as {"p.intro": lead}' },
      )
      .describe('Elements whose text is what the label says, by selector or as a list of {selector, label}.')
      .exactOptional(),
  },
  { error: 'a rule, such as {drop: "aside.teaser"}' },
);

export const SourceFile = z.strictObject(
  {
    name: spelled(
      /^[a-z0-9][a-z0-9-]{0,59}$/,
      "the file's name without its ending: lower case, digits and hyphens",
    ).describe('What the source is called, as its file is; it begins the key of every article of the source.'),
    home: address.describe(
      "The publisher's front page. Unless hosts are listed, every host of its domain is the source's.",
    ),
    hosts: listOf(text('a host such as daily.example').min(1, { error: 'a host' }), 'a list of hosts')
      .describe("Hosts of the source beside its home's, each with its subdomains.")
      .exactOptional(),
    feeds: listOf(address, 'a list of addresses').describe('RSS and Atom feeds.').exactOptional(),
    sitemaps: listOf(address, 'a list of addresses').describe('Sitemaps.').exactOptional(),
    listings: listOf(
      z.strictObject(
        { url: address, links: selector.exactOptional() },
        { error: 'a page with links, such as {url, links}' },
      ),
      'a list of pages with links',
    )
      .describe('Pages that link to articles; `links` selects the links.')
      .exactOptional(),
    scope: z
      .strictObject(
        {
          include: listOf(pattern, 'a list of regular expressions').exactOptional(),
          exclude: listOf(pattern, 'a list of regular expressions').exactOptional(),
        },
        { error: 'include and exclude' },
      )
      .describe('Regular expressions over the canonical address: which pages are followed, and which are not.')
      .exactOptional(),
    articleId: pattern
      .describe(
        "Regular expression over the canonical address; its group `id`, else its first group, else the whole match is the publisher's own id of the article.",
      )
      .exactOptional(),
    pace: z
      .strictObject(
        {
          delayMs: z.int({ error: 'whole milliseconds' }).min(0).max(86_400_000).exactOptional(),
          concurrency: z.int({ error: 'a whole number from 1 to 16' }).min(1).max(16).exactOptional(),
        },
        { error: 'delayMs and concurrency' },
      )
      .describe('Wait between two requests to one host, and how many may be in flight.')
      .exactOptional(),
    render: z
      .enum(['auto', 'always', 'never'], { error: 'auto, always or never' })
      .describe('Whether a browser reads the page.')
      .exactOptional(),
    schedule: spelled(
      /^(?:\S+ ){4}\S+(?: [A-Za-z_]+(?:\/[A-Za-z_+-]+)*)?$/,
      'cron and a time zone, such as "*/15 6-22 * * * Europe/Berlin"',
    )
      .describe('When it is crawled: five fields of cron, and a time zone (UTC unless given).')
      .exactOptional(),
    rules: listOf(SourceRule, 'a list of rules')
      .describe('What of its pages is the article and what is not, each rule with the days it is for.')
      .exactOptional(),
  },
  { error: 'the facts of a source, such as name and home' },
);

export type SourceRule = z.infer<typeof SourceRule>;
export type SourceFile = z.infer<typeof SourceFile>;

/** Keys that may stand in each mapping of a source file, by the path of the mapping without its numbers. */
export const SOURCE_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(SourceFile.shape),
  listings: ['url', 'links'],
  scope: ['include', 'exclude'],
  pace: ['delayMs', 'concurrency'],
  rules: Object.keys(SourceRule.shape),
  'rules.label': ['selector', 'label'],
};
