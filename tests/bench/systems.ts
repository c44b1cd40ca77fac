/** What is measured: the cleaner as it ships, parts of it, and others; each gives a prediction a page in the scorer's form. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyText, clean } from '../../src/clean/index.ts';
import { loadRules, type Forest, type RuleSource } from '../../src/core/rules.ts';
import type { Reading } from '../../src/core/schema.ts';
import { jsonLines, publisherOf } from './bench-pages.ts';
import { PEERS, type Peer } from './readability.ts';

export interface Prediction {
  readonly id: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly published?: string;
  readonly lead?: string;
  readonly text: string;
  /** Why the page could not be read at all. */
  readonly error?: string;
}
export interface System {
  readonly name: string;
  /** Told apart in `--json` and in the names of files. */
  readonly key: string;
  readonly read: (html: string, url: string) => Omit<Prediction, 'id'>;
  /** File of predictions that are the same as long as the version is. */
  readonly cacheName?: string;
}

export const readWith = (html: string, url: string, rules: RuleSource): Reading =>
  clean(html, { url, contentType: 'text/html; charset=utf-8', rules });

const predictionOf = (reading: Reading): Omit<Prediction, 'id'> => ({
  title: reading.title,
  authors: reading.authors.map(({ name }) => name),
  ...(reading.publishedAt === undefined ? {} : { published: reading.publishedAt }),
  ...(reading.lead === undefined ? {} : { lead: reading.lead }),
  text: bodyText(reading),
});

const ofRules = (name: string, key: string, rulesFor: (url: string) => RuleSource): System => ({
  name,
  key,
  read: (html, url) => predictionOf(readWith(html, url, rulesFor(url))),
});

/** The learned model is a part of the rules; without it they judge alone. */
function withoutModel(rules: RuleSource): RuleSource {
  const { learned: _, ...rest } = rules;
  return rest;
}

/**
 * Rules whose model has never seen the page's publisher: `folder` holds `folds.json`, each publisher's fold, and `fold-<k>.json`,
 * the model trained on all other folds. A publisher that no fold names was in no training, so any model will do for it.
 */
export function rulesOutOfFold(folder: string, rules: RuleSource): (url: string) => RuleSource {
  const file = join(folder, 'folds.json');
  if (!existsSync(file))
    throw new Error(`expected models out of fold in ${folder}, got no ${file}; write them with npm run train`);
  const folds = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, number>>;
  const known = new Map<number, RuleSource>();
  return (url) => {
    const fold = folds[publisherOf(url)] ?? Math.min(...Object.values(folds));
    let found = known.get(fold);
    if (!found) {
      const learned = JSON.parse(readFileSync(join(folder, `fold-${fold}.json`), 'utf8')) as Forest;
      found = { ...rules, learned };
      known.set(fold, found);
    }
    return found;
  };
}

const ofPeer = ({ name, version, read }: Peer): System => ({
  name,
  key: version,
  read,
  cacheName: version,
});

export function systemsOf({ models, hasPeers }: { readonly models?: string; readonly hasPeers: boolean }): System[] {
  const { rules } = loadRules();
  const bare = withoutModel(rules);
  const isLearned = 'learned' in rules;
  return [
    ofRules('Tearsheet', 'tearsheet', () => rules),
    ...(models === undefined
      ? []
      : [ofRules('out of fold by publisher', 'out-of-fold', rulesOutOfFold(models, rules))]),
    ...(isLearned ? [ofRules('rules only', 'rules-only', () => bare)] : []),
    ...(hasPeers ? PEERS.map(ofPeer) : []),
  ];
}

export interface BenchPage {
  readonly id: string;
  readonly url: string;
  readonly html: () => string;
}

/** Predictions of one system; a page that breaks it comes out empty, with the reason. Those of peers are read again from `cache`. */
export async function predict(system: System, pages: readonly BenchPage[], cache: string): Promise<Prediction[]> {
  const digest = createHash('sha256')
    .update(pages.map(({ id }) => id).join('\n'))
    .digest('hex')
    .slice(0, 12);
  const file = system.cacheName === undefined ? null : join(cache, `${system.cacheName}-${digest}.jsonl`);
  if (file !== null && existsSync(file)) return jsonLines(file);
  const predictions: Prediction[] = [];
  for (const { id, url, html } of pages) {
    try {
      predictions.push({ id, ...system.read(html(), url) });
    } catch (error) {
      predictions.push({ id, title: '', authors: [], text: '', error: (error as Error).message });
    }
    // A window of jsdom lives until the event loop has turned; else all of them fill the memory.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (file !== null) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${file}.new`, predictions.map((one) => `${JSON.stringify(one)}\n`).join(''));
    renameSync(`${file}.new`, file);
  }
  return predictions;
}
