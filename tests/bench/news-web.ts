/** The news web beside the checkout, and the built program crawling it, for benches and tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FAKEWEB = fileURLToPath(new URL('../../../shared/fakeweb/fakeweb.mjs', import.meta.url));
export const hasNewsWeb = existsSync(FAKEWEB);

export interface WebOptions {
  readonly articles: number;
  readonly hosts: number;
  /** Further flags of the web, such as `--crawl-delay 1`. */
  readonly flags?: readonly string[];
  /** A file that gets every article's address. */
  readonly urls?: string;
}
export interface HostStats {
  readonly hits: number;
  readonly status: Readonly<Record<string, number>>;
  readonly maxInFlight: number;
  readonly minGapMs: number | null;
  readonly robots: number;
}
export interface NewsWeb {
  readonly port: number;
  readonly hosts: number;
  readonly child: ChildProcess;
  /** One of its own pages, such as `stats`. */
  control<T = unknown>(path: string): Promise<T>;
  stats(): Promise<Record<string, HostStats>>;
  close(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts it and waits until it answers. */
export async function openNewsWeb({ articles, hosts, flags = [], urls }: WebOptions): Promise<NewsWeb> {
  const port = await freePort();
  const options = ['--port', port, '--hosts', hosts, '--articles', articles, '--max-age', 3600].map(String);
  const child = spawn(
    process.execPath,
    [FAKEWEB, ...options, ...(urls === undefined ? [] : ['--urls', urls]), ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the news web ended with ${code}`)));
  });
  const control = async <T>(path: string): Promise<T> =>
    (await fetch(`http://127.0.0.1:${port}/__${path}`)).json() as Promise<T>;
  return {
    port,
    hosts,
    child,
    control,
    stats: () => control('stats'),
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export interface Place {
  readonly archive: string;
  readonly sources: string;
  readonly config: string;
}
/** Settings in which nothing waits: politeness is off, as the peers have it. */
export const UNHURRIED = { crawl: { delayMs: 0, latencyFactor: 0 } } as const;

/** A folder with a source for every publisher of the web, and settings. */
export async function placeIn(
  folder: string,
  web: NewsWeb,
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  sourceOf: (k: number, home: string) => string = (_, home) => `sitemaps: ['${home}sitemap_index.xml']\n`,
): Promise<Place> {
  const place = {
    archive: join(folder, 'archive'),
    sources: join(folder, 'sources'),
    config: join(folder, 'settings.yaml'),
  };
  await mkdir(place.sources, { recursive: true });
  const all = { ...settings, fetch: { contact: 'mailto:desk@daily.example', ...settings['fetch'] } };
  await writeFile(place.config, `${JSON.stringify(all)}\n`);
  for (let k = 1; k <= web.hosts; k += 1) {
    const home = `http://127.0.1.${k}:${web.port}/`;
    await writeFile(join(place.sources, `pub${k}.yaml`), `name: pub${k}\nhome: '${home}'\n${sourceOf(k, home)}`);
  }
  return place;
}

const ALLOWED = '127.0.0.1/32,127.0.1.0/24';
export const flagsOf = ({ archive, sources, config }: Place): string[] => [
  '--archive',
  archive,
  '--sources',
  sources,
  '--config',
  config,
  '--allow-address',
  ALLOWED,
];

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Given to Node before the program. */
  readonly node?: readonly string[];
  readonly onChild?: (child: ChildProcess) => void;
}

/** Runs a script of Node to its end. */
export function runNode(args: readonly string[], { env = {}, node = [], onChild }: RunOptions = {}): Promise<Ran> {
  const started = performance.now();
  const child = spawn(process.execPath, [...node, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  onChild?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) =>
      resolve({
        status,
        signal,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        seconds: (performance.now() - started) / 1000,
      }),
    );
  });
}

export const objectsOf = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
