/** The text of a new source file. */

export interface NewSource {
  /** As the file is called: lower case, digits and hyphens. */
  readonly name: string;
  readonly home: string;
  readonly feeds: readonly { readonly url: string; readonly title?: string | undefined }[];
  readonly sitemaps: readonly { readonly url: string }[];
  readonly listings: readonly { readonly url: string; readonly links?: string | undefined }[];
  /** Regular expression over the canonical address. */
  readonly articleId?: string | undefined;
  /** Of the pages that were tried, such as `de`; a comment, since every page says its own. */
  readonly language?: string | undefined;
}

/** A text as YAML in single quotes, where only the quote itself is special. */
const quoted = (text: string): string => `'${oneLine(text).replaceAll("'", "''")}'`;
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
const remark = (text: string | undefined): string => (text === undefined ? '' : ` # ${oneLine(text)}`);

/**
 * Text of a source file that `loadSources` takes, with a comment above each part. What was not found is left as a comment
 * that shows how to say it.
 */
export function newSourceYaml({ name, home, feeds, sitemaps, listings, articleId, language }: NewSource): string {
  const lines = [
    `# What is known of ${oneLine(home)}${language === undefined ? '' : ` (language: ${oneLine(language)})`}. docs/sources.md says what may stand here.`,
    `name: ${name}`,
    `home: ${quoted(home)}`,
  ];
  lines.push('', '# RSS, Atom or JSON feeds: read most often, since they name what is new.');
  lines.push(
    ...section(
      'feeds',
      feeds.map(({ url, title }) => `- ${quoted(url)}${remark(title)}`),
    ),
  );
  lines.push('', '# Sitemaps, and indexes of them: what the feeds no longer name.');
  lines.push(
    ...section(
      'sitemaps',
      sitemaps.map(({ url }) => `- ${quoted(url)}`),
    ),
  );
  lines.push('', '# Pages that link to articles; `links` selects which links, with a CSS selector.');
  lines.push(
    ...section(
      'listings',
      listings.flatMap(({ url, links }) => [
        `- url: ${quoted(url)}`,
        ...(links === undefined ? [] : [`  links: ${quoted(links)}`]),
      ]),
    ),
  );
  lines.push('', "# The publisher's own number of an article, so that it stays one article under every slug.");
  lines.push(articleId === undefined ? "# articleId: '/(\\d{6,})-'" : `articleId: ${quoted(articleId)}`);
  lines.push('', '# Regular expressions over the canonical address: what is followed, and what is not.');
  lines.push('# scope:', "#   include: ['/news/']", "#   exclude: ['/sponsored/']");
  lines.push('', '# When it is read: a cron line, with its time zone.', "# schedule: '*/15 * * * * Europe/Berlin'");
  return `${lines.join('\n')}\n`;
}

const section = (key: string, entries: readonly string[]): string[] =>
  entries.length === 0 ? [`# ${key}: []`] : [`${key}:`, ...entries.map((entry) => `  ${entry}`)];
