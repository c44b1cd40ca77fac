/** Pages that nobody would write: tag soup, real pages cut and spoiled, dumps, and what scripts say of a page. */
import fc from 'fast-check';
import { LABELS } from '../../src/core/labels.ts';
import type { SourceRules } from '../../src/core/sources.ts';

export interface FuzzInput {
  readonly text: string;
  readonly contentType: 'text/html' | 'text/plain';
  /** Given to the cleaner as UTF-8 bytes, not as text. */
  readonly isBytes: boolean;
  /** Rules of the page's source, for some. */
  readonly source?: SourceRules;
  /** How it was made, for whoever looks at a failure. */
  readonly made: string;
}

const TAGS =
  'div p span a b i em strong table tbody thead tfoot tr td th caption colgroup col ul ol li dl dt dd select option optgroup button form h1 h2 h3 section article main aside nav footer header figure figcaption blockquote template script style title textarea noscript iframe svg math desc foreignObject mi annotation-xml head body html frameset frame meta link base br img image input hr pre address nobr font center ruby rb rt rp noembed noframes object marquee applet details summary label xmp plaintext video audio canvas time amp-img x-card'.split(
    ' ',
  );
const ODD = [
  ...'&amp; &lt;p&gt; &notit; &#128; &#0; &#x &#xD800; &nbsp; &shy; < </ </> <!-- --> <!--> <!--- --!> <![CDATA[ ]]> <? <!doctype> <!DOCTYPE html>'.split(
    ' ',
  ),
  '\0',
  '\r',
  '\r\n',
  '\f',
  '\u00ad',
  '\u200b',
  '\u200f',
  '\u00a0',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\ufffd',
  '\ud83d',
  '\ude00',
  '\ud83d\ude00',
  '\u0301',
  '漢字。',
  'ไทย',
  'نص',
  '"',
  "'",
  '=',
  '/',
  '>',
];
const ATTRIBUTES = [
  '',
  '',
  ' class="ad-slot related"',
  ' class="article-body story"',
  ' class="comment"',
  " id='comments' hidden",
  ' style="display:none"',
  ' a=b/',
  ' href="/x?a=1&b=2"',
  ' href="javascript:alert(1)"',
  ' href="http://[bad"',
  ' href="//"',
  ' src="/a.jpg" alt="A ship"',
  ' src="data:image/png;base64,AA" width=1e99 height=-5',
  ' width="99999999999999999999" srcset="/a 1x, /b 2x"',
  ' class="byline author" rel=author',
  ' datetime="2026-13-45T99:99"',
  ' class=">"',
  ' property="og:title" content="A ship"',
  ' name="author" content="By Ann Lee, Bob Ray"',
  ' itemprop="articleBody"',
  ' color=red',
  ' __proto__=x constructor=y',
  ' x="',
];
const WORDS = [
  'The ferry left the quay at noon, and nobody on the pier waved. ',
  'By Ann Lee',
  '12 March 2026, 10:15',
  'Photo: Bob Ray / Agency',
  'Subscribe',
  'Read more',
  'Sport',
  '© 2026 The Lantern',
  'Correction: an earlier version misnamed the ship. ',
  '«Nous partons», dit-elle. ',
  '船は正午に出港した。',
  'غادرت العبارة الرصيف عند الظهر. ',
  'x',
  ' ',
];

const tag = fc
  .tuple(fc.constantFrom(...TAGS), fc.constantFrom(...ATTRIBUTES))
  .map(([name, attributes]) => `<${name}${attributes}>`);
const ending = fc.constantFrom(...TAGS).map((name) => `</${name}>`);
const odd = fc.constantFrom(...ODD);
const soupPart = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: odd },
  { weight: 6, arbitrary: tag },
  { weight: 1, arbitrary: tag.map((text: string) => text.replace(/>$/, '/>')) },
  { weight: 6, arbitrary: ending },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const soup = fc.array(soupPart, { minLength: 1, maxLength: 120, size: 'max' }).map((parts) => parts.join(''));

/** A place in a text, as a share of its length in millionths: so that it has a meaning after every mutation. */
const place = fc.nat({ max: 1_000_000 });
const at = (text: string, millionths: number): number => Math.floor((text.length * millionths) / 1_000_000);

/** Length of what is cut out of a page. Long enough for a story, short enough for 200,000 of them. */
const CUT = { min: 1_500, max: 12_000 };
const cutOf = (corpus: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: Math.max(0, corpus.length - 1) }), fc.oneof(fc.constant(0), place), fc.integer(CUT))
    .map(([page, from, length]) => {
      const text = corpus[page] ?? '';
      const start = at(text, Math.min(from, Math.max(0, 1_000_000 - (length / Math.max(1, text.length)) * 1_000_000)));
      return text.slice(start, start + length);
    });

type Mutation = (text: string) => string;
const TAG = /<\/?[a-z][^<>]*>/gi;
const END_TAG = /<\/[a-z][^<>]*>/gi;
/** Replaces the one of the pattern's matches that stands nearest behind a place, or the first. */
function replaceOne(text: string, pattern: RegExp, from: number, by: (found: string) => string): string {
  const start = at(text, from);
  pattern.lastIndex = start;
  const found = pattern.exec(text) ?? ((pattern.lastIndex = 0), pattern.exec(text));
  return found ? text.slice(0, found.index) + by(found[0]) + text.slice(found.index + found[0].length) : text;
}

const inserted = (what: fc.Arbitrary<string>): fc.Arbitrary<Mutation> =>
  fc.tuple(place, what).map(
    ([where, part]) =>
      (text: string) =>
        text.slice(0, at(text, where)) + part + text.slice(at(text, where)),
  );
const short = fc.nat({ max: 600 });

const mutationsOf = (corpus: readonly string[]): fc.Arbitrary<Mutation> =>
  fc.oneof(
    { weight: 3, arbitrary: inserted(tag) },
    { weight: 3, arbitrary: inserted(ending) },
    { weight: 2, arbitrary: inserted(odd) },
    { weight: 1, arbitrary: inserted(fc.string({ unit: 'binary', maxLength: 8 })) },
    // A part of another page, and a page that goes over into another at a place.
    { weight: 2, arbitrary: inserted(fc.tuple(cutOf(corpus), short).map(([cut, length]) => cut.slice(0, length * 4))) },
    {
      weight: 1,
      arbitrary: fc.tuple(place, cutOf(corpus)).map(
        ([where, other]) =>
          (text: string) =>
            text.slice(0, at(text, where)) + other.slice(at(other, where)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, short, fc.integer({ min: 2, max: 6 }))
        .map(([where, length, times]) => (text: string) => {
          const from = at(text, where);
          return text.slice(0, from) + text.slice(from, from + length).repeat(times) + text.slice(from + length);
        }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(place, short).map(
        ([where, length]) =>
          (text: string) =>
            text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
      ),
    },
    { weight: 1, arbitrary: place.map((where) => (text: string) => text.slice(0, at(text, where))) },
    { weight: 1, arbitrary: place.map((where) => (text: string) => text.slice(at(text, where))) },
    // One tag becomes another, one element is left open, two tags change places.
    {
      weight: 3,
      arbitrary: fc.tuple(place, tag).map(
        ([where, by]) =>
          (text: string) =>
            replaceOne(text, TAG, where, () => by),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(place, fc.constantFrom(...TAGS)).map(
        ([where, by]) =>
          (text: string) =>
            replaceOne(text, TAG, where, (found) => found.replace(/[a-z][a-z0-9-]*/i, by)),
      ),
    },
    { weight: 3, arbitrary: place.map((where) => (text: string) => replaceOne(text, END_TAG, where, () => '')) },
    {
      weight: 2,
      arbitrary: fc.tuple(place, place).map(([one, two]) => (text: string) => {
        let moved = '';
        const without = replaceOne(text, TAG, one, (found) => ((moved = found), ''));
        return without.slice(0, at(without, two)) + moved + without.slice(at(without, two));
      }),
    },
    // A character becomes another, as where a bit of it was flipped.
    {
      weight: 3,
      arbitrary: fc.tuple(place, fc.nat({ max: 7 })).map(([where, bit]) => (text: string) => {
        const i = at(text, where);
        return i < text.length
          ? text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1)
          : text;
      }),
    },
    // Far more of one thing than a page has.
    {
      weight: 1,
      arbitrary: inserted(
        fc
          .tuple(fc.oneof(odd, tag, ending, fc.constantFrom(...WORDS)), fc.integer({ min: 50, max: 800 }))
          .map(([part, times]) => part.repeat(times)),
      ),
    },
  );

const spoiled = (corpus: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(cutOf(corpus), fc.array(mutationsOf(corpus), { minLength: 1, maxLength: 8, size: 'max' }))
    .map(([cut, mutations]) => mutations.reduce((text, mutate) => mutate(text), cut));

const dumpLine = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: odd },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '\t',
      ' - The Lantern',
      'A ship at the quay - The Lantern',
      '© A / B / Go to the mediabankA ship',
      '1,204',
      'Sport\tCulture\tWeather',
      '-',
      '00:12',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 90 }) },
);
const dump = (corpus: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(fc.array(dumpLine, { maxLength: 60, size: 'max' }), fc.constantFrom('\n', '\r\n', '\u2028', '\n\n'))
      .map(([lines, end]) => lines.join(end)),
    cutOf(corpus).map((cut) => cut.replace(/<[^<>]*>/g, '\n')),
  );

/** What JSON-LD says where it says nothing sensible. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    '',
    ' ',
    'A ship',
    'By Ann Lee and Bob Ray',
    '2026-03-12T10:15:00+01:00',
    '2026-03-12',
    '0000-00-00',
    '12/03/2026',
    '1773310500',
    1_773_310_500_000,
    'javascript:alert(1)',
    'http://[bad',
    '/a.jpg',
    '<p>The ferry left.</p><script>x</script>',
    '&lt;b&gt;A ship&lt;/b&gt; &#0; &amp;amp;',
    'en_GB',
    'x'.repeat(3_000),
    [],
    {},
    [[]],
    { '@value': 'A ship' },
    { name: 'Ann Lee', url: '/ann' },
    { '@type': 'Person', name: ['Ann', 'Bob'] },
    { url: { '@id': {} }, width: 'wide', height: -1 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const FIELDS =
  '@type @id @graph headline alternativeHeadline name description articleBody author creator publisher datePublished dateModified dateCreated image thumbnailUrl url mainEntityOfPage inLanguage keywords articleSection isAccessibleForFree hasPart identifier mainEntity itemListElement liveBlogUpdate __proto__'.split(
    ' ',
  );
const linked = fc
  .tuple(
    fc.constantFrom<unknown>(
      'NewsArticle',
      'Article',
      ['NewsArticle', 'WebPage'],
      'WebPage',
      'VideoObject',
      'LiveBlogPosting',
      'BreadcrumbList',
      7,
    ),
    fc.dictionary(fc.constantFrom(...FIELDS), oddValue, { maxKeys: 8 }),
  )
  .map(([type, fields]) => ({ '@context': 'https://schema.org', '@type': type, ...fields }));
const json = fc
  .tuple(
    fc.oneof(
      linked,
      fc.array(linked, { maxLength: 3 }),
      linked.map((one) => ({ '@graph': [one, one] })),
      fc.jsonValue(),
    ),
    fc.constantFrom<(text: string) => string>(
      (text: string) => text,
      (text: string) => text,
      (text: string) => text.replaceAll('"', '&quot;'),
      (text: string) => text.replace(/}$/, ',}'),
      (text: string) => text.slice(0, Math.floor(text.length * 0.7)),
      (text: string) => `/* <![CDATA[ */ ${text} /* ]]> */`,
      (text: string) => `<!-- ${text} -->`,
      (text: string) => text.replaceAll('":', '": // x\n'),
      (text: string) => `${text}${text}`,
      (text: string) => text.replaceAll('\\', ''),
    ),
  )
  .map(([value, spoil]) => spoil(JSON.stringify(value).replaceAll('</', '<\\/')));
const WRAPPERS: readonly ((text: string) => string)[] = [
  (text: string) => `<script type="application/ld+json">${text}</script>`,
  (text: string) => `<script type='application/ld+json'>${text}`,
  (text: string) => `<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":${text}}}</script>`,
  (text: string) => `<script>window.__INITIAL_STATE__=${text};</script>`,
  (text: string) => `<script>self.__next_f.push([1,${JSON.stringify(text).replaceAll('</', '<\\/')}])</script>`,
  (text: string) => `<meta property="article:published_time" content='${text}'>`,
];
const scripted = fc
  .tuple(fc.array(fc.tuple(fc.constantFrom(...WRAPPERS), json), { minLength: 1, maxLength: 3 }), soup, fc.boolean())
  .map(([scripts, body, isShort]) => `${scripts.map(([wrap, text]) => wrap(text)).join('\n')}${isShort ? '' : body}`);

const selector = fc.constantFrom(
  ...'* body p div div>p :not(p) a[href] .story .related #comments table td h1 h1+p p:first-child section,article svg select noscript template'.split(
    ' ',
  ),
);
const selectors = fc.array(selector, { minLength: 1, maxLength: 3 });
/** Rules that pick anything, one against the other. */
const source: fc.Arbitrary<SourceRules> = fc
  .array(
    fc.oneof(
      selectors.map((drop) => ({ drop })),
      selectors.map((keep) => ({ keep })),
      fc.dictionary(selector, fc.constantFrom(...LABELS), { minKeys: 1, maxKeys: 3 }).map((label) => ({ label })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((rules) => ({ name: 'paper', rules }));

/** Inputs made of nothing and of pages given; the more of these the better. */
export function fuzzInputs(corpus: readonly string[]): fc.Arbitrary<FuzzInput> {
  const of = (
    made: string,
    weight: number,
    text: fc.Arbitrary<string>,
    contentType: FuzzInput['contentType'] = 'text/html',
  ): { weight: number; arbitrary: fc.Arbitrary<FuzzInput> } => ({
    weight,
    arbitrary: fc.tuple(text, fc.nat({ max: 7 }), fc.option(source, { freq: 6 })).map(([value, turn, rules]) => ({
      text: value,
      contentType,
      isBytes: turn === 0,
      ...(rules === null ? {} : { source: rules }),
      made,
    })),
  });
  return fc.oneof(
    of('soup', 5, soup),
    of('spoiled page', 10, spoiled(corpus)),
    of('dump', 2, dump(corpus), 'text/plain'),
    of('scripts', 3, scripted),
  );
}
