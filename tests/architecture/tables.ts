/** The two tables of the house, who may import whom and which file is the only door to each outside library, and what else is fixed. */

/** Rooms that need no clock, disk, network or chance; any room may enter them, by their `index.ts`. */
export const PURE_ROOMS = ['clean', 'compare'] as const;

/** Every room, and the rooms that its files may import. */
const within = (room: string): readonly string[] => ['core', ...PURE_ROOMS, room];
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  clean: ['core', 'clean'],
  compare: ['core', 'compare'],
  discover: within('discover'),
  frontier: within('frontier'),
  fetch: within('fetch'),
  archive: within('archive'),
  crawl: [...within('crawl'), 'visit.ts'],
  catalog: within('catalog'),
  review: within('review'),
  fleet: within('fleet'),
  demo: within('demo'),
  commands: [
    ...within('commands'),
    'wiring.ts',
    'wiring-crawl.ts',
    'wiring-frontier.ts',
    'wiring-render.ts',
    'wiring-scout.ts',
    'wiring-watch.ts',
    'reader.ts',
    'thread-pool.ts',
    'visit.ts',
  ],
};
/** Rooms that stand today; the others are named for those who build them. */
export const BUILT_ROOMS = [
  'core',
  'clean',
  'compare',
  'fetch',
  'archive',
  'demo',
  'commands',
  'crawl',
  'discover',
  'frontier',
] as const;

/** The files beside the rooms, and the rooms and files they may import. */
export const TOP_FILES: Readonly<Record<string, readonly string[]>> = {
  'cli.ts': ['core', 'commands'],
  'pipeline.ts': ['core', ...PURE_ROOMS, 'visit.ts', 'forms.ts'],
  'visit.ts': ['core', ...PURE_ROOMS],
  'forms.ts': ['core', ...PURE_ROOMS, 'visit.ts'],
  'thread-pool.ts': ['core'],
  'reading-thread.ts': ['core', ...PURE_ROOMS, 'visit.ts', 'reader.ts', 'thread-pool.ts'],
  'wiring-threads.ts': ['core', 'reader.ts', 'reading-thread.ts', 'thread-pool.ts'],
  'reader.ts': ['core', ...PURE_ROOMS, 'visit.ts'],
  'wiring.ts': Object.keys(ROOMS)
    .filter((room) => room !== 'commands')
    .concat('pipeline.ts', 'visit.ts', 'reader.ts', 'wiring-render.ts'),
  'wiring-crawl.ts': Object.keys(ROOMS)
    .filter((room) => room !== 'commands')
    .concat(
      'pipeline.ts',
      'visit.ts',
      'wiring.ts',
      'wiring-frontier.ts',
      'wiring-polite.ts',
      'wiring-render.ts',
      'wiring-threads.ts',
      'reader.ts',
    ),
  'wiring-polite.ts': ['core', 'fetch', 'crawl', 'visit.ts'],
  'wiring-render.ts': ['core', 'fetch', 'visit.ts'],
  'wiring-frontier.ts': ['core', 'crawl', 'frontier', 'wiring.ts'],
  'wiring-scout.ts': ['core', 'crawl', 'discover', 'visit.ts', 'reader.ts', 'wiring-polite.ts', 'wiring.ts'],
  'wiring-watch.ts': ['core', 'crawl', 'wiring-crawl.ts'],
  'index.ts': ['core', ...PURE_ROOMS, 'visit.ts', 'reader.ts', 'wiring.ts'],
};

/**
 * Each outside library's doors: the only files that load it. Its types may be named in the door's room too. A door ending in
 * `/` is a room whose every file speaks the library's language.
 */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@duckduckgo/autoconsent': ['fetch/consent.ts'],
  '@exodus/bytes': ['core/charset.ts'],
  'better-sqlite3': ['frontier/sqlite.ts'],
  chardet: ['core/charset.ts'],
  cheerio: ['clean/selectors.ts'],
  commander: ['cli.ts'],
  croner: ['crawl/timetable.ts'],
  diff: ['compare/words.ts'],
  domhandler: ['clean/'],
  entities: ['clean/'],
  feedsmith: ['discover/feed.ts'],
  'html-encoding-sniffer': ['core/charset.ts'],
  htmlparser2: ['discover/markup.ts'],
  'ipaddr.js': ['fetch/guard.ts'],
  kysely: ['frontier/'],
  'p-queue': ['commands/visits.ts', 'crawl/hosts.ts'],
  parse5: ['clean/parse.ts'],
  pino: ['core/log.ts'],
  playwright: ['fetch/browser.ts'],
  'prom-client': ['crawl/metrics.ts'],
  tldts: ['core/url.ts'],
  undici: ['fetch/http.ts'],
  warcio: ['archive/warc.ts'],
  yaml: ['core/config.ts', 'core/rules.ts', 'core/source-file.ts'],
  zod: ['core/schema.ts', 'core/source-schema.ts', 'archive/'],
};

/** Libraries of Node that only these rooms and files may load: where the network is, and where work could hide. */
export const NODE_DOORS: Readonly<Record<string, readonly string[]>> = {
  child_process: [],
  cluster: [],
  dgram: [],
  dns: ['fetch/'],
  http: ['demo/', 'crawl/health.ts'],
  http2: [],
  https: [],
  net: ['fetch/', 'demo/', 'crawl/health.ts'],
  tls: ['fetch/'],
  vm: [],
  worker_threads: ['thread-pool.ts', 'reading-thread.ts', 'commands/line-worker.ts'],
};

/** What a file in a pure room, or a file of `core` that it loads, may load of Node: none of it touches the world. */
export const PURE_NODE: readonly string[] = ['buffer', 'crypto', 'module'];
/** Files of `core` that pure rooms load although they read the disk, and why that is no harm. */
export const PURE_ENOUGH: Readonly<Record<string, string>> = {
  'core/url.ts': 'reads config/url.json, a part of the program, once',
};

/** Names for drawers, not for rooms. */
export const DRAWERS =
  /^(?:utils?|helpers?|common|misc|managers?|types?|lib|shared|interfaces?|constants?|models?|services?)$/;

/** What may lie at the top of the repository. */
export const TOP_LEVEL: readonly string[] = [
  '.ci',
  '.dockerignore',
  '.gitignore',
  'CHANGELOG.md',
  'Dockerfile',
  'LICENSE',
  'README.md',
  'archive',
  'config',
  'docker-compose.yml',
  'docs',
  'package-lock.json',
  'package.json',
  'src',
  'tests',
  'tsconfig.json',
];
