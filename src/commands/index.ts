/** Every command, in the order a newcomer meets them. The parser, `--help` and the README are made from this table. */
import type { CommandEntry } from './invocation.ts';

/** Of the commands that print a reading. */
const FORMAT_OPTIONS: CommandEntry['options'] = [
  {
    flags: '--format <FORM>',
    says: 'json, markdown, text, html (the article as a page) or view (every block of the page in colour, with reasons)',
  },
  {
    flags: '-o, --output <FILE>',
    says: 'write to FILE, whole or not at all; .json, .md, .txt and .html tell the format',
  },
  { flags: '--images', says: 'with --format html: show pictures, which loads them when the page is opened' },
];

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'archive',
    usage: '[URL...]',
    summary: 'Fetch pages, cut the article out, keep everything, and save what changed as a new version.',
    example: 'tearsheet archive https://example.com/news/flood.html',
    exits:
      '0 every page was looked at · the code of the failure where all failures are alike · 3 they differ · 33 gone · 34 walled · 130 interrupted',
    finishesOnSignal: true,
    options: [
      { flags: '--stdin', says: 'read URLs from standard input, one a line (# starts a comment)' },
      { flags: '--from-file <PAGE>', says: 'archive a saved page instead of fetching it; needs --url' },
      { flags: '--url <URL>', says: 'the address that the saved page was fetched from' },
      {
        flags: '--content-type <TYPE>',
        says: 'what the server called the saved page, such as "text/html; charset=utf-8"',
      },
      { flags: '--screenshot', says: 'keep a picture of the whole page as a browser shows it' },
      { flags: '--pdf', says: 'keep the page as a PDF' },
    ],
    load: () => import('./archive.ts'),
  },
  {
    name: 'crawl',
    usage: '[SOURCE...]',
    summary: 'One pass over sources, for cron: find new articles, look again at those that are due, keep what changed.',
    example: 'tearsheet crawl daily --minutes 10',
    exits:
      '0 the pass was made, whatever single pages did · 44 too little disk · 55 no such source · 60 another crawl of the source is under way · 61 no contact is set · 62 nothing could be had · 64 no SQLite · 130 interrupted',
    finishesOnSignal: true,
    options: [
      { flags: '--pages <N>', says: 'begin no page after the Nth' },
      { flags: '--minutes <N>', says: 'begin no page after so many minutes' },
      { flags: '--all', says: 'look at every page that is known, due or not' },
      { flags: '--verbose', says: 'tell of pages that are as they were, too' },
    ],
    load: () => import('./crawl.ts'),
  },
  {
    name: 'watch',
    usage: '[SOURCE...]',
    summary: 'Stay up and crawl each source when its schedule says so; serves health and metrics.',
    example: 'tearsheet watch --port 9477',
    exits:
      '0 stopped by a signal, in good order · 51 a schedule is wrong or the port is taken · 55 no such source · 61 no contact is set · 130 stopped by a second signal',
    finishesOnSignal: true,
    options: [
      { flags: '--host <HOST>', says: 'where health and metrics are served (127.0.0.1)' },
      { flags: '--port <PORT>', says: 'their port (9477; 0 serves none)' },
      { flags: '--wait', says: 'begin with the first time of the schedule instead of at once' },
    ],
    load: () => import('./watch.ts'),
  },
  {
    name: 'clean',
    usage: '[PAGE...]',
    summary:
      'Read a page (file, URL, or - for standard input) and print the article and what surrounds it; keeps nothing.',
    example: 'tearsheet clean --blocks page.html --url https://example.com/news/flood.html',
    exits:
      '0 read · 13 the file cannot be read · 14 or written · 20 to 35 the page could not be fetched or read · 130 interrupted; --jsonl first writes what it had read',
    finishesOnSignal: true,
    options: [
      { flags: '--url <URL>', says: 'the address of the page, for links, dates and the rules of its source' },
      { flags: '--at <DAY>', says: 'when the saved page was fetched: the rules of its source are those of that day' },
      { flags: '--content-type <TYPE>', says: 'what the server called the page, such as "text/plain; charset=koi8-r"' },
      { flags: '--blocks', says: 'print every block with its label' },
      ...FORMAT_OPTIONS,
      { flags: '--jsonl', says: 'read lines {id, url, html} (from PAGE or standard input), write one line for each' },
      {
        flags: '--jobs <N>',
        says: 'with --jsonl: threads that read pages (one a core unless given; started as lines queue up)',
      },
      { flags: '--page-timeout <SECONDS>', says: 'with --jsonl: how long one page may take (60)' },
    ],
    load: () => import('./clean.ts'),
  },
  {
    name: 'list',
    usage: '',
    summary: 'List the articles in the archive.',
    example: 'tearsheet list --json',
    exits: '0 listed · 40 there is no archive',
    finishesOnSignal: false,
    options: [],
    load: () => import('./list.ts'),
  },
  {
    name: 'show',
    usage: '<ARTICLE>',
    summary: 'Print an article as it was kept: by URL, key, first digits of its folder, or path of a version.',
    example: 'tearsheet show https://example.com/news/flood.html --version 1',
    exits:
      '0 shown · 14 the file cannot be written · 40 no archive · 41 no such article or version · 42 more than one fits · 45 damaged',
    finishesOnSignal: false,
    options: [
      { flags: '--version <N>', says: 'which version (the newest unless given)' },
      { flags: '--blocks', says: 'print every block of the page with its label, what was cut away included' },
      ...FORMAT_OPTIONS,
      { flags: '--screenshot', says: 'with -o FILE: write the picture of the page that was kept with the version' },
      { flags: '--pdf', says: 'with -o FILE: write the PDF of the page that was kept with the version' },
    ],
    load: () => import('./show.ts'),
  },
  {
    name: 'history',
    usage: '<ARTICLE>',
    summary: 'List every look at an article and every version that came of it.',
    example: 'tearsheet history https://example.com/news/flood.html',
    exits: '0 listed · 40 no archive · 41 no such article · 42 more than one fits · 45 damaged',
    finishesOnSignal: false,
    options: [],
    load: () => import('./history.ts'),
  },
  {
    name: 'diff',
    usage: '<ARTICLE>',
    summary: 'Show what the publisher changed between two versions, word by word.',
    example: 'tearsheet diff https://example.com/news/flood.html --from 1 --to 3',
    exits: '0 compared · 40 no archive · 41 no such article or version · 42 more than one fits · 45 damaged',
    finishesOnSignal: false,
    options: [
      { flags: '--from <N>', says: 'the older version (the one before --to unless given)' },
      { flags: '--to <N>', says: 'the newer version (the newest unless given)' },
    ],
    load: () => import('./diff.ts'),
  },
  {
    name: 'verify',
    usage: '',
    summary: 'Check every file of the archive against the digests that were written down.',
    example: 'tearsheet verify --archive /srv/archive',
    exits: '0 nothing wrong · 40 no archive · 45 problems found',
    finishesOnSignal: false,
    options: [],
    load: () => import('./verify.ts'),
  },
  {
    name: 'sources',
    usage: '<ACTION> [NAME] [PAGE...]',
    summary:
      'Work with source files: add one for a site, list what is known of publishers, check how their lists, pages and rules do.',
    example: 'tearsheet sources add https://daily.example/',
    exits:
      '0 written, listed, or all is well · 13 a page cannot be read · 40 no archive · 41 the address is not known (--why) · 54 a source file is broken, or the site has one · 55 no such source · 56 a rule matches nothing any more · 57 nothing names an article',
    finishesOnSignal: false,
    options: [
      { flags: '--name <NAME>', says: "add: what the source is called (its site's name unless given)" },
      { flags: '--dry-run', says: 'add: print the source file instead of writing it' },
      { flags: '--live', says: 'check: ask every feed, sitemap and list, and read five of the pages they name' },
      { flags: '--why <URL>', says: 'check: what is known of one address, and why it is visited when it is' },
      { flags: '--url <URL>', says: 'check: the address of the saved pages, which tells whose they are' },
      { flags: '--at <DAY>', says: 'the day whose rules are meant (today unless given)' },
      { flags: '--pages <N>', says: 'check: how many of the newest pages in the archive are looked at (20)' },
    ],
    load: () => import('./sources.ts'),
  },
  {
    name: 'doctor',
    usage: '',
    summary: 'Check what Tearsheet needs on this machine; touches no network.',
    example: 'tearsheet doctor',
    exits: '0 all is well · else the code of the first thing that is not',
    finishesOnSignal: false,
    options: [],
    load: () => import('./doctor.ts'),
  },
  {
    name: 'demo',
    usage: '',
    summary:
      'Print a small newspaper on this machine, archive it, let its editors change it, show what changed; needs no network.',
    example: 'tearsheet demo --archive /tmp/demo',
    exits: '0 done · 45 the archive it made does not verify',
    finishesOnSignal: true,
    options: [],
    load: () => import('./demo.ts'),
  },
];
