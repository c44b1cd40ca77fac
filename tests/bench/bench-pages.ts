/** The pages with gold data that lie beside the checkout; never a part of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { registrableDomain } from '../../src/core/url.ts';

export interface Gold {
  readonly id: string;
  readonly url: string;
  readonly title?: string;
  readonly authors?: readonly string[];
  readonly published?: string;
  readonly text?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

export const BENCH = join(import.meta.dirname, '../../../shared/bench');

/** Names of the sets in `bench`, or of those among `wanted`; none where the folder is not there. */
export const setsIn = (bench: string, wanted?: readonly string[]): string[] =>
  existsSync(bench)
    ? readdirSync(bench).filter(
        (name) => existsSync(join(bench, name, 'gold.jsonl')) && (wanted === undefined || wanted.includes(name)),
      )
    : [];

export const jsonLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

export const goldOf = (bench: string, set: string): Gold[] => jsonLines(join(bench, set, 'gold.jsonl'));

export const htmlOf = (bench: string, set: string, id: string): string =>
  gunzipSync(readFileSync(join(bench, set, 'pages', `${id}.html.gz`))).toString('utf8');

/** Pages of one registrable domain are one publisher's. */
export const publisherOf = (url: string): string => registrableDomain(new URL(url).hostname);
