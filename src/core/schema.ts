/**
 * The shapes of everything that is written down: one zod schema each, from which come the TypeScript type, the check of
 * what is read back, and the JSON Schema published in `config/schema/`.
 */
import { z } from 'zod';
import { CAUSES, EDIT_KINDS, LABELS, OUTCOMES, PAGE_KINDS, WORDING_KINDS } from './labels.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits of a SHA-256');
/** UTC with milliseconds, as every time the archive states itself is spelled. */
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'expected a UTC time such as 2026-01-31T12:00:00.000Z');
/** A publisher's time as they gave it: its offset is kept, and one without a zone has none here either. */
const claimedTime = z.string().regex(/^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/);
const perCent = z.int().min(0).max(100);
const reason = z.strictObject({ rule: z.string(), weight: z.int().min(-100).max(100) });

/** Where a value of the reading was found. */
export const ORIGINS_OF_VALUES = ['json-ld', 'meta', 'microdata', 'page', 'url', 'header'] as const;

export const Link = z.strictObject({ href: z.string(), text: z.string() });
export const Media = z.strictObject({
  kind: z.enum(['image', 'video', 'audio', 'embed']),
  src: z.string().exactOptional(),
  alt: z.string().exactOptional(),
  width: z.int().exactOptional(),
  height: z.int().exactOptional(),
});

/** One piece of the page. Of the blocks with `origin: page` every character of the page is in exactly one. */
export const Block = z.strictObject({
  id: z.string().regex(/^b\d+$/),
  origin: z.enum(['page', 'script', 'meta']),
  role: z.enum(['article', 'boilerplate']),
  label: z.enum(LABELS),
  confidence: perCent,
  reasons: z.array(reason),
  /** Tag path from the body, such as `body>main>article>p[3]`; `line[7]` in a plain text dump. */
  path: z.string(),
  text: z.string(),
  /** Inline markup that carries meaning (links, emphasis, line breaks), reduced to a safe subset. */
  html: z.string().exactOptional(),
  /** Of a heading, 1 to 6; of a list item, its nesting from 1. */
  level: z.int().exactOptional(),
  /** Of a table's row, its cells. */
  cells: z.array(z.string()).exactOptional(),
  links: z.array(Link).exactOptional(),
  media: z.array(Media).exactOptional(),
});

export const Author = z.strictObject({ name: z.string(), url: z.string().exactOptional() });
export const Image = z.strictObject({
  src: z.string(),
  alt: z.string().exactOptional(),
  caption: z.string().exactOptional(),
  credit: z.string().exactOptional(),
  width: z.int().exactOptional(),
  height: z.int().exactOptional(),
});

/** The same article elsewhere, as the page says: in another language, or for phones. */
export const Alternate = z.strictObject({
  href: z.string(),
  kind: z.enum(['language', 'mobile']),
  /** Of another language, as the page tags it; `x-default` for whoever reads none of them. */
  language: z.string().exactOptional(),
});

/** What the cleaner makes of a page. Holds no floats, so that every machine spells it alike. */
export const Reading = z.strictObject({
  kind: z.enum(PAGE_KINDS),
  /** Why it is of that kind: rules of `config/rules/kinds.yaml`. Not there in what older programs wrote. */
  kindReasons: z.array(reason).exactOptional(),
  /** The headline as shown; empty where the page has none. */
  title: z.string(),
  titles: z.strictObject({
    h1: z.string().exactOptional(),
    html: z.string().exactOptional(),
    og: z.string().exactOptional(),
    jsonLd: z.string().exactOptional(),
  }),
  lead: z.string().exactOptional(),
  authors: z.array(Author),
  publishedAt: claimedTime.exactOptional(),
  modifiedAt: claimedTime.exactOptional(),
  section: z.string().exactOptional(),
  tags: z.array(z.string()),
  /** BCP 47; `und` where it could not be told. */
  language: z.string(),
  siteName: z.string().exactOptional(),
  /** The page's own claim of its address; stored, and followed only within its own site. */
  canonicalUrl: z.string().exactOptional(),
  ampUrl: z.string().exactOptional(),
  /** At most 60; feeds are none. */
  alternates: z.array(Alternate).max(60).exactOptional(),
  publisherId: z.string().exactOptional(),
  paywalled: z.boolean().exactOptional(),
  /** robots directives of the page (`noarchive`, `noindex`, …), lower case, sorted. */
  directives: z.array(z.string()),
  images: z.array(Image),
  /** For each field above that was found: where. */
  foundIn: z.record(z.string(), z.enum(ORIGINS_OF_VALUES)),
  /**
   * By field, what other sources say where they say something else, the likeliest first; at most six each. Names of authors
   * and tags are joined by commas. What is here was not believed: it never makes a version.
   */
  alternatives: z
    .record(z.string(), z.array(z.strictObject({ value: z.string().max(400), from: z.enum(ORIGINS_OF_VALUES) })).max(6))
    .exactOptional(),
  blocks: z.array(Block),
});

export const Tls = z.strictObject({
  verified: z.boolean(),
  whyNot: z.string().exactOptional(),
  protocol: z.string().exactOptional(),
});
export const CHARSET_EVIDENCE = ['bom', 'header', 'meta', 'xml', 'detected', 'default', 'given'] as const;
export const Charset = z.strictObject({
  used: z.string(),
  declared: z.string().exactOptional(),
  how: z.enum(CHARSET_EVIDENCE),
  /** True where the page declared a charset that its bytes contradict. */
  lie: z.boolean().exactOptional(),
});

/** What a snapshot keeps of the capture it was read from. File and offset live in the CDXJ index and can be rebuilt. */
export const CaptureRef = z.strictObject({
  recordId: z.string(),
  targetUri: z.string(),
  date: instant,
  /** SHA-256 of the body as it came over the wire (after transfer-decoding, before content-decoding). */
  payloadDigest: sha256,
  /** SHA-256 of the body after content-decoding: the bytes that were cleaned. */
  decodedSha256: sha256,
  status: z.int(),
  engine: z.enum(['http', 'browser', 'file']),
  /** Media type of the body as the server called it. */
  contentType: z.string().exactOptional(),
  tls: Tls.exactOptional(),
  charset: Charset.exactOptional(),
  /** What a browser made of the page beside its text, each in a record of its own. */
  views: z
    .array(z.strictObject({ kind: z.enum(['screenshot', 'pdf']), recordId: z.string(), sha256 }))
    .max(2)
    .exactOptional(),
});

export const MadeBy = z.strictObject({
  program: z.string(),
  /** Digest of the rules that the page was read with. */
  rules: sha256,
  /** Digest of the settings in force. */
  config: sha256,
  node: z.string(),
  browser: z.string().exactOptional(),
});

/** One version of one article. Never edited; its id is the SHA-256 of the file that holds it. */
export const Snapshot = z.strictObject({
  schema: z.literal(1),
  article: z.string(),
  url: z.string(),
  version: z.int().min(1),
  /** Id of the version before; null for the first. */
  previous: sha256.nullable(),
  capture: CaptureRef,
  reading: Reading,
  madeBy: MadeBy,
});

const Wording = z.strictObject({
  kind: z.enum(WORDING_KINDS),
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
});
export const Edit = z.strictObject({
  kind: z.enum(EDIT_KINDS),
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
  /** Ids of the blocks concerned in the older and the newer reading. */
  blockBefore: z.string().exactOptional(),
  blockAfter: z.string().exactOptional(),
  /** Of a rewording, word by word, in order. */
  wording: z.array(Wording).exactOptional(),
});

/** What differs between two readings. */
export const Change = z.strictObject({
  schema: z.literal(1),
  kinds: z.array(z.enum(EDIT_KINDS)),
  cause: z.enum(CAUSES),
  edits: z.array(Edit),
  /** Sentences that only moved between article and boilerplate. */
  relabelled: z.array(z.strictObject({ text: z.string(), to: z.enum(['article', 'boilerplate']) })),
  /** 0 to 1 in steps of .01. */
  significance: z.number().min(0).max(1),
  declared: z.strictObject({ before: z.string().exactOptional(), after: z.string().exactOptional() }),
  /** True where the text changed and the publisher's own modified date did not. */
  stealth: z.boolean(),
});

/** One look at a page, whether or not it became a version. */
export const Look = z.strictObject({
  schema: z.literal(1),
  /** Counts the looks at this article from 1. */
  seq: z.int().min(1),
  at: instant,
  run: z.string(),
  article: z.string(),
  url: z.string(),
  outcome: z.enum(OUTCOMES),
  capture: CaptureRef.nullable(),
  /** Id of the version that this look made or met. */
  snapshot: sha256.exactOptional(),
  version: z.int().exactOptional(),
  /** SHA-256 of the line of the look before (without its LF); null for the first. */
  prevLook: sha256.nullable(),
  /** The publisher's own modified date at this look. */
  declared: z.string().exactOptional(),
  robots: z.strictObject({ allowed: z.boolean().exactOptional(), directives: z.array(z.string()) }).exactOptional(),
  /** Of an error: its code. */
  error: z.string().exactOptional(),
  note: z.string().exactOptional(),
});

/** What `article.json` holds: the full key whose digest names the folder. */
export const ArticleFile = z.strictObject({
  schema: z.literal(1),
  key: z.string(),
  space: z.string(),
  url: z.string(),
  firstSeen: instant,
});

/** A cache of the last look, so that a run need not read the looks of years. Rebuilt when missing or wrong. */
export const Head = z.strictObject({
  schema: z.literal(1),
  key: z.string(),
  look: Look,
  lookDigest: sha256,
  /** Validators of the newest answer with status 200, sent on the next look. */
  validators: z
    .strictObject({ etag: z.string().exactOptional(), lastModified: z.string().exactOptional() })
    .exactOptional(),
  /** The newest capture with a body. */
  capture: CaptureRef.exactOptional(),
});

export const FileEntry = z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256 });
export const Manifest = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  command: z.string(),
  program: z.string(),
  startedAt: instant,
  endedAt: instant,
  /** `finished`, `interrupted` by a signal, or `recovered` by a later run after a crash. */
  ended: z.enum(['finished', 'interrupted', 'recovered']),
  counts: z.record(z.string(), z.int()),
  files: z.array(FileEntry),
  /** SHA-256 of the manifests this run saw that no other manifest had named yet. */
  parents: z.array(sha256),
});

export type Link = z.infer<typeof Link>;
export type Media = z.infer<typeof Media>;
export type Reason = z.infer<typeof reason>;
export type Block = z.infer<typeof Block>;
export type Author = z.infer<typeof Author>;
export type Image = z.infer<typeof Image>;
export type Alternate = z.infer<typeof Alternate>;
export type Reading = z.infer<typeof Reading>;
export type Tls = z.infer<typeof Tls>;
export type Charset = z.infer<typeof Charset>;
export type CaptureRef = z.infer<typeof CaptureRef>;
export type MadeBy = z.infer<typeof MadeBy>;
export type Snapshot = z.infer<typeof Snapshot>;
export type Wording = z.infer<typeof Wording>;
export type Edit = z.infer<typeof Edit>;
export type Change = z.infer<typeof Change>;
export type Look = z.infer<typeof Look>;
export type ArticleFile = z.infer<typeof ArticleFile>;
export type Head = z.infer<typeof Head>;
export type FileEntry = z.infer<typeof FileEntry>;
export type Manifest = z.infer<typeof Manifest>;
