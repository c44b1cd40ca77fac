/**
 * Every setting there is: the one table that the check of a configuration, `config/tearsheet.yaml`, its published schema
 * and the README are made from. Names carry their unit. A plain table and no zod schema, since loading zod takes longer
 * (50 ms) than all else that a start does; `npm run docs` makes the zod schema from it.
 */

interface Described<Kind extends string, Value> {
  readonly kind: Kind;
  readonly default: Value;
  /** One sentence for the operator. */
  readonly says: string;
}
/** A whole number from `min` to `max`. */
export interface WholeSetting extends Described<'whole', number> {
  readonly min: number;
  readonly max: number;
}
/** One line of text. */
interface TextSetting extends Described<'text', string> {
  /** What the text may be, where not any. */
  readonly pattern?: RegExp;
  /** The pattern in words. */
  readonly expected: string;
}
export interface ChoiceSetting<Choice extends string = string> extends Described<'choice', Choice> {
  readonly choices: readonly Choice[];
}
/** Texts in order; in the environment and on the command line separated by commas. */
interface TextsSetting extends Described<'texts', readonly string[]> {
  readonly expected: string;
}
export type Setting = WholeSetting | TextSetting | ChoiceSetting | TextsSetting;

export type ValueOf<S extends Setting> =
  S extends ChoiceSetting<infer Choice>
    ? Choice
    : S extends WholeSetting
      ? number
      : S extends TextSetting
        ? string
        : readonly string[];

const whole = (standard: number, min: number, max: number, says: string): WholeSetting => ({
  kind: 'whole',
  default: standard,
  min,
  max,
  says,
});
const choice = <const Choice extends string>(
  standard: NoInfer<Choice>,
  choices: readonly Choice[],
  says: string,
): ChoiceSetting<Choice> => ({ kind: 'choice', default: standard, choices, says });

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MIB = 1024 * 1024;

export const SETTINGS = {
  archive: {
    dir: {
      kind: 'text',
      default: 'archive',
      pattern: /^[^\0]+$/,
      expected: 'a path',
      says: 'Folder of the archive; a relative path starts where the command is run.',
    },
    robots: choice(
      'record',
      ['record', 'obey', 'ignore'],
      'What tearsheet archive makes of robots.txt: noted with the look (record), obeyed, or not asked for. A crawl always obeys.',
    ),
  },
  sources: {
    dir: {
      kind: 'text',
      default: 'config/sources',
      pattern: /^[^\0]+$/,
      expected: 'a path',
      says: 'Folder of the source files; a relative path starts where the command is run.',
    },
  },
  fetch: {
    connectTimeoutMs: whole(10_000, 1, 10 * MINUTE_MS, 'To resolve the host, connect and finish the TLS handshake.'),
    headersTimeoutMs: whole(15_000, 1, 10 * MINUTE_MS, "From the request sent to the end of the answer's headers."),
    bodyTimeoutMs: whole(60_000, 1, 60 * MINUTE_MS, 'From the end of the headers to the end of the body.'),
    maxWireBytes: whole(16 * MIB, 1, 1024 * MIB, 'Largest body as it comes over the wire.'),
    maxInflatedBytes: whole(64 * MIB, 1, 1024 * MIB, 'Largest body once decompressed.'),
    maxRedirects: whole(10, 0, 100, 'Redirects followed for one page.'),
    maxRetries: whole(2, 0, 20, 'Further attempts after one that failed in a way that may pass.'),
    retryBaseMs: whole(500, 0, 10 * MINUTE_MS, 'Wait before the first further attempt; doubled for each one after.'),
    maxRetryWaitMs: whole(
      10_000,
      0,
      60 * MINUTE_MS,
      'Longest wait between attempts; a server that asks for more gets no further attempt.',
    ),
    allowAddresses: {
      kind: 'texts',
      default: [],
      expected: 'addresses or ranges such as 127.0.0.1/32',
      says: 'Private or local addresses and ranges that may be fetched from all the same.',
    },
    verifyTls: choice(
      'record',
      ['record', 'require'],
      'A certificate that cannot be verified is noted with the capture (record) or refused (require).',
    ),
    acceptLanguage: {
      kind: 'text',
      default: '*',
      pattern: /^[\x20-\x7e]+$/,
      expected: 'one line of ASCII such as "de, en;q=0.5"',
      says: 'Sent as Accept-Language.',
    },
    contact: {
      kind: 'text',
      default: '',
      pattern: /^[\x20-\x7e]*$/,
      expected: 'one line of ASCII such as an address or a URL',
      says: 'Whom a publisher may write to; sent with the User-Agent.',
    },
    concurrency: whole(4, 1, 64, 'Pages in hand at once; never two of one host.'),
  },
  crawl: {
    concurrency: whole(16, 1, 256, 'Pages in hand at once in a crawl; of one host one, unless its source says more.'),
    delayMs: whole(1_000, 0, 60 * MINUTE_MS, 'Wait between two requests to one host, where nothing asks for more.'),
    latencyFactor: whole(
      2,
      0,
      100,
      'A host that takes long is waited for so many times as long before the next request.',
    ),
    maxDelayMs: whole(
      60_000,
      0,
      24 * 60 * MINUTE_MS,
      'Longest wait between two requests that slow answers can bring about.',
    ),
    maxCrawlDelayMs: whole(300_000, 0, 24 * 60 * MINUTE_MS, 'A Crawl-delay beyond this is cut to it, and told.'),
    robotsMaxAgeMs: whole(24 * 60 * MINUTE_MS, MINUTE_MS, 24 * 60 * MINUTE_MS, 'How long a robots.txt is relied on.'),
    breakerFailures: whole(8, 1, 1000, 'Failures in a row after which a host is left alone.'),
    breakerMs: whole(
      5 * MINUTE_MS,
      1,
      24 * 60 * MINUTE_MS,
      'For how long at first; doubled each time that it fails again.',
    ),
    maxListingPages: whole(3, 1, 1000, 'Pages of a list that are followed by their links to the next.'),
    maxSitemaps: whole(200, 1, 50_000, 'Sitemaps that are followed from one index.'),
    maxAddressesPerShape: whole(
      2_000,
      10,
      1_000_000,
      'Addresses of one host that differ in parameters or numbers alone; more are a trap, and left out.',
    ),
    minFreeBytes: whole(512 * MIB, 0, 1024 * 1024 * MIB, 'A crawl stops before less than this is free on the disk.'),
  },
  watch: {
    schedule: {
      kind: 'text',
      default: '*/15 * * * *',
      pattern: /^(?:\S+ ){4}\S+(?: [A-Za-z_]+(?:\/[A-Za-z_+-]+)*)?$/,
      expected: 'five fields of cron and a time zone (UTC unless given)',
      says: 'When a source is crawled whose file does not say.',
    },
    concurrency: whole(4, 1, 256, 'Sources that are crawled at once.'),
    host: {
      kind: 'text',
      default: '127.0.0.1',
      pattern: /^[0-9A-Za-z.:-]+$/,
      expected: 'an address or a host name',
      says: 'Where health and metrics are served.',
    },
    port: whole(9477, 0, 65_535, 'The port for health and metrics; 0 serves none.'),
  },
  revisit: {
    minMs: whole(15 * MINUTE_MS, MINUTE_MS, 365 * DAY_MS, 'Shortest time between two looks at a page.'),
    maxMs: whole(30 * DAY_MS, MINUTE_MS, 3650 * DAY_MS, 'Longest time between two looks at a page.'),
    listMs: whole(10 * MINUTE_MS, MINUTE_MS, 365 * DAY_MS, 'Time between two looks at a feed, a sitemap or a list.'),
    retryMs: whole(5 * MINUTE_MS, 1, 365 * DAY_MS, 'Until a page that failed is tried again; doubled each time.'),
    maxVisitsPerDay: whole(
      5_000,
      1,
      10_000_000,
      'Visits a day that one host is asked for; where more would come due, all its pages are seen more seldom.',
    ),
    goneAfter: whole(3, 2, 1000, 'Looks that must find a page gone before it is left in peace.'),
  },
  browser: {
    path: {
      kind: 'text',
      default: '',
      pattern: /^[^\0]*$/,
      expected: 'a path, or nothing',
      says: "The browser's program; Playwright's own, else the system's, unless given.",
    },
    render: choice(
      'auto',
      ['auto', 'always', 'never'],
      'Whether a browser reads pages: where the article is not in the HTML (auto), always, or never. A source may say otherwise.',
    ),
    pageTimeoutMs: whole(30_000, 1_000, 10 * MINUTE_MS, 'How long a page may take in the browser.'),
    maxPages: whole(100, 1, 100_000, 'Pages after which the browser is started anew, to give its memory back.'),
    concurrency: whole(2, 1, 32, 'Pages in the browser at once.'),
  },
  log: {
    level: choice(
      'warn',
      ['silent', 'error', 'warn', 'info', 'debug', 'trace'],
      'How much is logged to stderr, as lines of JSON.',
    ),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Setting>>>>;

/**
 * Where archive and sources lie and how much is logged have no part in what is read, so they leave no trace in a snapshot; the
 * sources' rules themselves do, with the cleaning rules.
 */
export const WITHOUT_TRACE: ReadonlySet<string> = new Set(['archive.dir', 'sources.dir', 'log.level']);

export type LogLevel = ValueOf<typeof SETTINGS.log.level>;

/** Every setting by its full name, such as `fetch.maxRetries`, in the order of the table. */
export const settings = (): Map<string, Setting> =>
  new Map(
    Object.entries(SETTINGS).flatMap(([section, named]) =>
      Object.entries(named).map(([name, setting]) => [`${section}.${name}`, setting] as [string, Setting]),
    ),
  );

/** `fetch.bodyTimeoutMs` in the environment: `TEARSHEET_FETCH_BODY_TIMEOUT_MS`. */
export const environmentName = (path: string): string =>
  `TEARSHEET_${path.replace('.', '_').replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;

/** What a setting can be, in words. */
export function expectedOf(setting: Setting): string {
  if (setting.kind === 'whole') return `a whole number from ${setting.min} to ${setting.max}`;
  if (setting.kind === 'choice') return `one of ${setting.choices.join(', ')}`;
  return setting.expected;
}

/** A default as YAML spells it. */
const spelledInYaml = (value: string | number | readonly string[]): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[a-z]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
};

const amount = (path: string, setting: Setting): string => {
  if (setting.kind !== 'whole' || !path.endsWith('Bytes')) return '';
  return setting.default % MIB === 0 ? ` (${setting.default / MIB} MiB)` : '';
};

/** The text of `config/tearsheet.yaml` as it ships: every setting with its default and what it means. */
export function defaultsText(): string {
  const lines = ['# Every setting of Tearsheet with its default. A file of your own may hold only what differs.', '#'];
  lines.push('# Later wins: this file, the environment (TEARSHEET_FETCH_MAX_RETRIES=5), the command line.');
  for (const [section, named] of Object.entries(SETTINGS)) {
    lines.push('', `${section}:`);
    for (const [name, setting] of Object.entries(named) as [string, Setting][]) {
      lines.push(`  # ${setting.says}${amount(name, setting)}`, `  # Expected: ${expectedOf(setting)}.`);
      lines.push(`  ${name}: ${spelledInYaml(setting.default)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
