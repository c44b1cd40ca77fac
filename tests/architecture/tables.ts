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
  catalog: within('catalog'),
  review: within('review'),
  fleet: within('fleet'),
  demo: within('demo'),
  commands: [...within('commands'), 'wiring.ts', 'visit.ts'],
};
/** Rooms that stand today; the others are named for those who build them. */
export const BUILT_ROOMS = ['core', 'clean', 'compare', 'fetch', 'archive', 'demo', 'commands'] as const;

/** The files beside the rooms, and the rooms and files they may import. */
export const TOP_FILES: Readonly<Record<string, readonly string[]>> = {
  'cli.ts': ['core', 'commands'],
  'pipeline.ts': ['core', ...PURE_ROOMS, 'visit.ts'],
  'visit.ts': ['core', ...PURE_ROOMS],
  'wiring.ts': Object.keys(ROOMS)
    .filter((room) => room !== 'commands')
    .concat('pipeline.ts', 'visit.ts'),
  'index.ts': ['core', ...PURE_ROOMS, 'visit.ts', 'wiring.ts'],
};

/**
 * Each outside library's doors: the only files that load it. Its types may be named in the door's room too. A door ending in
 * `/` is a room whose every file speaks the library's language.
 */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@exodus/bytes': ['core/charset.ts'],
  chardet: ['core/charset.ts'],
  cheerio: ['clean/selectors.ts'],
  commander: ['cli.ts'],
  diff: ['compare/words.ts'],
  domhandler: ['clean/'],
  // No door yet: waits for the telling of languages.
  eld: [],
  entities: ['clean/'],
  'html-encoding-sniffer': ['core/charset.ts'],
  // No door yet: waits for sitemaps.
  htmlparser2: [],
  'ipaddr.js': ['fetch/guard.ts'],
  'p-queue': ['commands/visits.ts'],
  parse5: ['clean/parse.ts'],
  pino: ['core/log.ts'],
  playwright: ['commands/doctor.ts'],
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
  http: ['demo/'],
  http2: [],
  https: [],
  net: ['fetch/', 'demo/'],
  tls: ['fetch/'],
  vm: [],
  worker_threads: ['commands/cleaning-pool.ts', 'commands/line-worker.ts'],
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
