/** Where everything lies, relative to the archive, always with `/`. The only file that spells or reads such paths. */
import { folderOf } from '../core/identity.ts';

export const ARTICLES = 'articles';
export const CAPTURES = 'captures';
export const LOOKS = 'looks';
export const RUNS = 'runs';

/** What makes a folder an archive. Its content is always the same, so any damage to it shows. */
export const MARKER = 'archive.json';
/** Names beside the archive's own that a folder may hold: caches, and what file systems and git put there. */
export const isForeign = (name: string): boolean =>
  name === '.gitkeep' || name === 'lost+found' || /^tearsheet\.sqlite(?:-(?:wal|shm|journal))?$/.test(name);

export function articleFolder(key: string): string {
  const { space, kk, name } = folderOf(key);
  return `${ARTICLES}/${space}/${kk}/${name}`;
}
/** The name of an article's folder, which also names its lock. */
export const articleName = (key: string): string => folderOf(key).name;

const padded = (version: number): string => String(version).padStart(4, '0');
export const versionFile = (version: number): string => `v${padded(version)}.json`;
export const changeFile = (version: number): string => `v${padded(version)}.change.json`;
/** The version that a file's name gives; null for any other file. */
export function versionIn(name: string): number | null {
  const digits = /^v(\d{4,})\.json$/.exec(name)?.[1];
  const version = Number(digits);
  return digits !== undefined && Number.isSafeInteger(version) && version > 0 && versionFile(version) === name
    ? version
    : null;
}

/** `2026/01/31` of a UTC time as the archive spells it. */
export const dayOf = (instant: string): string => instant.slice(0, 10).replaceAll('-', '/');
export const looksFile = (day: string, run: string): string => `${LOOKS}/${day}/${run}.jsonl`;
/** Base of a capture file; `.warc.gz`, `.warc.gz.open` and `.cdxj` follow. */
export const captureBase = (day: string, run: string, n: number): string => `${CAPTURES}/${day}/${run}-${n}`;
export const WARC = '.warc.gz';
export const OPEN_WARC = '.warc.gz.open';
export const CDXJ = '.cdxj';

export const manifestFile = (run: string): string => `${RUNS}/${run}.json`;
export const openFile = (run: string): string => `${RUNS}/${run}.open`;
export const tempFolder = (run: string): string => `${RUNS}/${run}.tmp`;
/** A cache of which manifests no other names yet. */
export const TIPS = `${RUNS}/tips.cache`;

const RUN = /^\d{8}T\d{6}Z-[a-z0-9-]+-[a-z0-9]{6}$/;
export const isRun = (name: string): boolean => RUN.test(name);
/** The run in a name such as `<run>.json`, null where it is none. */
export function runIn(name: string, ending: string): string | null {
  const run = name.endsWith(ending) ? name.slice(0, -ending.length) : '';
  return isRun(run) ? run : null;
}
/** Run and number in the name of a capture file, without folder. */
export function captureIn(name: string, ending: string): { readonly run: string; readonly n: number } | null {
  const [, run, n] = (name.endsWith(ending) && /^(.+)-(\d+)$/.exec(name.slice(0, -ending.length))) || [];
  return run !== undefined && isRun(run) ? { run, n: Number(n) } : null;
}
/** When the run began, as its name says. */
export const startOfRun = (run: string): string =>
  `${run.slice(0, 4)}-${run.slice(4, 6)}-${run.slice(6, 8)}T${run.slice(9, 11)}:${run.slice(11, 13)}:${run.slice(13, 15)}.000Z`;
