/** Articles folder by folder: key, versions and their chain, changes, and the head against the looks. */
import { sha256, spell } from '../core/digest.ts';
import { ArticleFile, Snapshot } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { entryOf } from './file-entry.ts';
import { readHead } from './heads.ts';
import { articleFolder, ARTICLES, changeFile, versionFile, versionIn } from './layout.ts';
import { readSpelled } from './spelled.ts';
import type { Findings } from './verify-findings.ts';
import { namesOrFault } from './walk.ts';
import type { LookChain, LookChains, SeeCapture } from './verify-looks.ts';
import { parseChange } from './versions.ts';

export interface ArticleCheck {
  readonly disk: Disk;
  readonly findings: Findings;
  readonly looks: LookChains;
  readonly seeCapture: SeeCapture;
}

export async function verifyArticles(check: ArticleCheck): Promise<void> {
  const { disk, findings, looks } = check;
  const seen = new Set<string>();
  for (const space of await foldersIn(check, ARTICLES)) {
    for (const kk of await foldersIn(check, space)) {
      for (const folder of await foldersIn(check, kk)) {
        const key = await findings.attempt(folder, () => new FolderCheck(check, folder).verify());
        if (key !== null) seen.add(key);
      }
    }
  }
  for (const key of looks.keys()) {
    // An article that another process began after the folders were listed is there now.
    if (seen.has(key) || (await disk.facts(`${articleFolder(key)}/article.json`)) !== null) continue;
    findings.problem(articleFolder(key), `is missing: looks name the article ${key}`);
  }
}

/** Paths of the folders in a folder; anything else in there is a problem. */
async function foldersIn({ disk, findings }: ArticleCheck, folder: string): Promise<string[]> {
  const names = await namesOrFault(disk, folder);
  if (typeof names === 'string') {
    findings.problem(folder, names);
    return [];
  }
  const folders: string[] = [];
  for (const name of names) {
    const path = `${folder}/${name}`;
    const facts = await disk.facts(path);
    if (facts?.kind === 'folder') folders.push(path);
    else if (facts !== null) findings.problem(path, 'is no file of an archive');
  }
  return folders;
}

class FolderCheck {
  readonly #disk: Disk;
  readonly #findings: Findings;
  readonly #looks: LookChains;
  readonly #seeCapture: SeeCapture;
  readonly #folder: string;

  constructor({ disk, findings, looks, seeCapture }: ArticleCheck, folder: string) {
    this.#disk = disk;
    this.#findings = findings;
    this.#looks = looks;
    this.#seeCapture = seeCapture;
    this.#folder = folder;
  }

  #problem(name: string, what: string): void {
    this.#findings.problem(`${this.#folder}/${name}`, what);
  }

  /** Gives the article's key, null where it cannot be told. */
  async verify(): Promise<string | null> {
    const names = await this.#disk.names(this.#folder);
    if (names.length === 0) return null;
    const key = await this.#verifyKey();
    const chain = key === null ? undefined : this.#looks.get(key);
    const ids = await this.#verifyVersions(names, key);
    for (const [version, id] of chain?.versions ?? []) {
      if (ids.get(version) === id) continue;
      this.#problem(
        versionFile(version),
        `looks name version ${version} with id ${id}, got ${ids.get(version) ?? 'none'}`,
      );
    }
    for (const name of names) await this.#verifyOther(name, key, ids);
    await this.#verifyHead(names, key, chain);
    return key;
  }

  /** Reads a file and counts it; null where it vanished. */
  async #read(name: string, isListed: boolean): Promise<Buffer | null> {
    const path = `${this.#folder}/${name}`;
    const facts = await this.#disk.facts(path);
    if (facts !== null && facts.kind !== 'file') {
      this.#findings.problem(path, `is a ${facts.kind}`);
      return null;
    }
    const content = await this.#disk.read(path);
    if (content === null) return null;
    if (isListed) this.#findings.seen(entryOf(path, content), null);
    else this.#findings.file();
    return content;
  }

  async #verifyKey(): Promise<string | null> {
    const content = await this.#read('article.json', true);
    if (content === null) {
      this.#problem('article.json', 'is missing');
      return null;
    }
    const article = readSpelled(ArticleFile, content.toString('utf8'), spell);
    if (typeof article === 'string') {
      this.#problem('article.json', `is damaged: ${article}`);
      return null;
    }
    const folder = articleFolder(article.key);
    if (folder !== this.#folder)
      this.#problem('article.json', `holds the key ${article.key}, which belongs into ${folder}`);
    return article.key;
  }

  /** Ids by version. */
  async #verifyVersions(names: readonly string[], key: string | null): Promise<Map<number, string>> {
    const ids = new Map<number, string>();
    const versions = names.map(versionIn).filter((version) => version !== null);
    for (const version of versions.toSorted((a, b) => a - b)) {
      const name = versionFile(version);
      const content = await this.#read(name, true);
      if (content === null) continue;
      this.#findings.count('snapshots');
      ids.set(version, sha256(content));
      this.#verifySnapshot(name, version, content.toString('utf8'), key, ids.get(version - 1) ?? null);
    }
    return ids;
  }

  #verifySnapshot(name: string, version: number, text: string, key: string | null, previous: string | null): void {
    const snapshot = readSpelled(Snapshot, text, spell);
    if (typeof snapshot === 'string') return this.#problem(name, `is no snapshot: ${snapshot}`);
    if (snapshot.version !== version) this.#problem(name, `holds version ${snapshot.version}`);
    if (key !== null && snapshot.article !== key) this.#problem(name, `is a version of ${snapshot.article}`);
    if (snapshot.previous !== previous) {
      this.#problem(
        name,
        `follows ${snapshot.previous ?? 'none'}, but version ${version - 1} is ${previous ?? 'missing'}`,
      );
    }
    this.#seeCapture(`${this.#folder}/${name}`, 'it', snapshot.capture);
  }

  async #verifyOther(name: string, key: string | null, ids: ReadonlyMap<number, string>): Promise<void> {
    if (name === 'article.json' || name === 'head.json' || versionIn(name) !== null) return;
    const version = versionIn(name.replace(/\.change\.json$/, '.json'));
    if (version === null || name !== changeFile(version)) {
      // Where there are no links, or the folder lies on another disk, files are written here before they get their names.
      if (/^(?:v\d{4,}(?:\.change)?|article|head)\.json\.part$/.test(name))
        this.#findings.note(`${this.#folder}/${name} was left unfinished`);
      else this.#problem(name, 'is no file of an archive');
      return;
    }
    const content = await this.#read(name, false);
    if (content === null) return;
    const file = parseChange(content.toString('utf8'));
    if (typeof file === 'string') return this.#problem(name, `is damaged: ${file}`);
    if (key !== null && file.article !== key) this.#problem(name, `is a change of ${file.article}`);
    const to = ids.get(version);
    // A version that came after the folder was listed.
    if (to === undefined && (await this.#disk.facts(`${this.#folder}/${versionFile(version)}`)) !== null) return;
    if (file.to !== to || file.from !== (ids.get(version - 1) ?? null)) {
      this.#problem(
        name,
        `compares ${file.from ?? 'none'} with ${file.to}, which are not versions ${version - 1} and ${version}`,
      );
    }
  }

  async #verifyHead(names: readonly string[], key: string | null, chain: LookChain | undefined): Promise<void> {
    const name = 'head.json';
    const content = names.includes(name) ? await this.#read(name, false) : null;
    const state = content === null ? null : readHead(content.toString('utf8'));
    if (state === null) {
      const what = `is ${content === null ? 'missing' : 'damaged'}; it is a cache, and made again at the next look`;
      // A run that is still open may not have come to it, or lost it with the power.
      const isOpen = chain !== undefined && chain.seq > chain.sealedSeq;
      if (isOpen) this.#findings.note(`${this.#folder}/${name} ${what}`);
      else if (content !== null || chain !== undefined) this.#problem(name, what);
      return;
    }
    if (key === null) return;
    const { look, lookDigest, key: named } = state.head;
    if (named !== key || look.article !== key) this.#problem(name, `is the head of ${named}`);
    if (look.seq < (chain?.sealedSeq ?? 0)) {
      this.#problem(name, `knows ${look.seq} looks, but there are ${chain?.sealedSeq}`);
    } else if (look.seq === chain?.seq && lookDigest !== chain.digest) {
      this.#problem(name, `names ${lookDigest} as look ${look.seq}, got ${chain.digest}`);
    } else if (look.seq > (chain?.seq ?? 0) && this.#findings.sealed.has(look.run)) {
      this.#problem(name, `knows ${look.seq} looks, but there are ${chain?.seq ?? 0}`);
    }
  }
}
