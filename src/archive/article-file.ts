/** `article.json`: the full key whose digest names the folder. */
import { spell } from '../core/digest.ts';
import { ArticleFile } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { articleFolder } from './layout.ts';
import { damaged, readSpelled } from './spelled.ts';

export const articlePath = (key: string): string => `${articleFolder(key)}/article.json`;

/** The article in a folder; null where the folder has none. Throws `E_ARCHIVE_DAMAGED`. */
export async function readArticleIn(disk: Disk, folder: string): Promise<ArticleFile | null> {
  const path = `${folder}/article.json`;
  const content = await disk.read(path);
  if (content === null) return null;
  const article = readSpelled(ArticleFile, content.toString('utf8'), spell);
  if (typeof article === 'string') throw damaged(disk.at(path), 'an article and its key', `a file, but ${article}`);
  if (articleFolder(article.key) !== folder) {
    throw damaged(disk.at(path), 'a key that belongs into this folder', article.key);
  }
  return article;
}

/** Compares the full key: two keys whose folders have one name must not be taken for one article. */
export async function readArticleFile(disk: Disk, key: string): Promise<ArticleFile | null> {
  const article = await readArticleIn(disk, articleFolder(key));
  if (article !== null && article.key !== key) throw damaged(disk.at(articlePath(key)), `the key ${key}`, article.key);
  return article;
}
