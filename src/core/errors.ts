/** One table of everything that can go wrong in a way we know: what it means, whether trying again can help, how the program exits. */
export const ERRORS = {
  E_INTERNAL: { exit: 1, retryable: false, meaning: 'A fault of the program itself; please report it.' },
  E_CLI_USAGE: { exit: 2, retryable: false, meaning: 'The command line cannot be understood.' },
  E_PAGES_FAILED: {
    exit: 3,
    retryable: true,
    meaning: 'Some of several pages could not be archived, for different reasons.',
  },
  E_CLI_NO_URL: { exit: 10, retryable: false, meaning: 'A command that needs a URL was given none.' },
  E_URL_INVALID: { exit: 11, retryable: false, meaning: 'What was given as a URL is not one.' },
  E_URL_SCHEME: { exit: 12, retryable: false, meaning: 'Only http and https pages can be archived.' },
  E_FILE_READ: { exit: 13, retryable: false, meaning: 'A file named on the command line cannot be read.' },
  E_FILE_WRITE: { exit: 14, retryable: false, meaning: 'A file named on the command line cannot be written.' },
  E_FETCH_ADDRESS: {
    exit: 20,
    retryable: false,
    meaning: 'The host is, or redirects to, an address that is private, local or otherwise refused.',
  },
  E_FETCH_DNS: { exit: 21, retryable: true, meaning: 'The host name could not be resolved.' },
  E_FETCH_CONNECT: { exit: 22, retryable: true, meaning: 'The server refused, reset or dropped the connection.' },
  E_FETCH_TIMEOUT: { exit: 23, retryable: true, meaning: 'The server took longer than the configured limit.' },
  E_FETCH_TOO_LARGE: {
    exit: 24,
    retryable: false,
    meaning: 'The body is larger than the configured limit, on the wire or inflated.',
  },
  E_FETCH_REDIRECTS: { exit: 25, retryable: false, meaning: 'Too many redirects, or redirects that go in circles.' },
  E_FETCH_TRUNCATED: { exit: 26, retryable: true, meaning: 'The body ended before its announced length.' },
  E_FETCH_ENCODING: {
    exit: 27,
    retryable: true,
    meaning: 'The body cannot be decompressed as its Content-Encoding says.',
  },
  E_FETCH_TYPE: {
    exit: 28,
    retryable: false,
    meaning: 'The answer is not a page: its content type is not HTML or plain text.',
  },
  E_FETCH_STATUS: { exit: 29, retryable: true, meaning: 'The server answered with an error status.' },
  E_FETCH_TLS: {
    exit: 30,
    retryable: false,
    meaning: 'The TLS handshake failed, or the certificate could not be verified.',
  },
  E_FETCH_PROTOCOL: { exit: 31, retryable: true, meaning: 'The server does not speak HTTP as it should.' },
  E_FETCH_EMPTY: { exit: 32, retryable: true, meaning: 'The page is empty.' },
  E_PAGE_GONE: { exit: 33, retryable: false, meaning: 'The page is gone: status 404 or 410, or a page that says so.' },
  E_PAGE_WALLED: {
    exit: 34,
    retryable: false,
    meaning: 'A paywall, consent, login or bot check stands before the page.',
  },
  E_CLEAN_FAILED: { exit: 35, retryable: false, meaning: 'The page broke the cleaner; its capture was kept.' },
  E_PAGE_ERROR: {
    exit: 37,
    retryable: true,
    meaning: 'The page is the fault message of a server, though its status says otherwise.',
  },
  E_CLEAN_TIMEOUT: { exit: 36, retryable: false, meaning: 'The page took the cleaner longer than it was given.' },
  E_FETCH_ROBOTS: {
    exit: 38,
    retryable: false,
    meaning: 'The robots.txt of the site does not let the page be fetched.',
  },
  E_FETCH_HOST_DOWN: {
    exit: 39,
    retryable: true,
    meaning: 'The host failed several times in a row, or asked for it, and is left alone for a while.',
  },
  E_ARCHIVE_NOT_ONE: { exit: 40, retryable: false, meaning: 'The folder is not an archive, or there is none.' },
  E_ARCHIVE_NO_ARTICLE: { exit: 41, retryable: false, meaning: 'The archive holds no such article or version.' },
  E_ARCHIVE_AMBIGUOUS: { exit: 42, retryable: false, meaning: 'More than one article fits.' },
  E_ARCHIVE_READ_ONLY: {
    exit: 43,
    retryable: false,
    meaning: 'The archive cannot be written: read-only, or no permission.',
  },
  E_ARCHIVE_DISK_FULL: { exit: 44, retryable: true, meaning: 'No space is left where the archive lies.' },
  E_ARCHIVE_DAMAGED: { exit: 45, retryable: false, meaning: 'A file of the archive is damaged.' },
  E_ARCHIVE_MISSING: { exit: 46, retryable: false, meaning: 'A file or record that the archive names is not there.' },
  E_ARCHIVE_TAKEN: { exit: 47, retryable: true, meaning: 'Another process wrote the same version first.' },
  E_ARCHIVE_BUSY: { exit: 48, retryable: true, meaning: 'Another process holds the article and does not let go.' },
  E_CONFIG_UNKNOWN: { exit: 50, retryable: false, meaning: 'A setting that does not exist.' },
  E_CONFIG_INVALID: { exit: 51, retryable: false, meaning: 'A setting with a value that it cannot have.' },
  E_CONFIG_READ: { exit: 52, retryable: false, meaning: 'The configuration cannot be read or is not YAML.' },
  E_RULES_INVALID: { exit: 53, retryable: false, meaning: 'A file of cleaning rules is missing or broken.' },
  E_SOURCE_INVALID: { exit: 54, retryable: false, meaning: 'A source file is broken, or two of them claim one host.' },
  E_SOURCE_NONE: { exit: 55, retryable: false, meaning: 'There is no such source.' },
  E_SOURCE_STALE: { exit: 56, retryable: false, meaning: 'A rule of a source matches nothing any more.' },
  E_SOURCE_EMPTY: {
    exit: 57,
    retryable: true,
    meaning: 'A source names no page: its feeds, sitemaps and lists lead to none.',
  },
  E_CRAWL_BUSY: { exit: 60, retryable: true, meaning: 'Another crawl of the same source is under way.' },
  E_CRAWL_NO_CONTACT: {
    exit: 61,
    retryable: false,
    meaning: 'A crawl needs the address of somebody whom a publisher can write to.',
  },
  E_CRAWL_FAILED: { exit: 62, retryable: true, meaning: 'A crawl ended with pages that failed.' },
  E_FRONTIER_DAMAGED: {
    exit: 63,
    retryable: false,
    meaning: 'The frontier cannot be read; it can be rebuilt from the archive.',
  },
  E_SQLITE_MISSING: {
    exit: 64,
    retryable: false,
    meaning: 'This Node has no SQLite, and better-sqlite3 is not installed.',
  },
  E_BROWSER_MISSING: { exit: 65, retryable: false, meaning: 'A page needs a browser, and none was found.' },
  E_BROWSER_FAILED: { exit: 66, retryable: true, meaning: 'The browser crashed or did not finish the page.' },
  E_INTERRUPTED: { exit: 130, retryable: true, meaning: 'Stopped by a signal; what was finished is kept.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The only error that rooms throw on purpose. The message says what was expected, what was got and what to do. */
export class TearsheetError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TearsheetError';
    this.code = code;
  }
  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
  get isRetryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** Any thrown value as a TearsheetError; what nobody foresaw becomes `E_INTERNAL`. */
export function asTearsheetError(thrown: unknown): TearsheetError {
  if (thrown instanceof TearsheetError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TearsheetError('E_INTERNAL', message, { cause: thrown });
}
