/** What the HTML standard says of elements by name, as far as it decides which characters are text and in what order. */

const traits = new Map<string, number>();
let bits = 0;
/** One bit for all elements of a list: a name is looked up once, and asked many things. */
function trait(list: string): number {
  const bit = 1 << bits++;
  for (const name of list.split(' ')) traits.set(name, (traits.get(name) ?? 0) | bit);
  return bit;
}

/** The traits of an element by its name, as bits. */
export const traitsOf = (name: string): number => traits.get(name) ?? 0;

export const VOID = trait(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr',
);
/** Their content is no markup. */
export const RAW = trait('style xmp iframe noembed noframes');

/** Start tags that may stand in the head; any other opens the body. */
export const HEAD_CONTENT = trait('base basefont bgsound link meta title noscript noframes style script template');
export const HEAD_NOSCRIPT_CONTENT = trait('basefont bgsound link meta noframes style');

/** Opening one of these ends an open `p`. */
export const CLOSES_P = trait(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt listing main menu nav ol p plaintext pre search section summary table ul xmp',
);
export const HEADING = trait('h1 h2 h3 h4 h5 h6');

/** A search for an open element stops at these: an end tag inside a cell never closes what is around the table. */
export const SCOPE_EDGE = trait('applet caption html table td th marquee object template');
/** Further edges, of a search for an open `li`, an open `p`, a part of a table. */
export const LIST_EDGE = trait('ol ul');
export const PARAGRAPH_EDGE = trait('button');
export const TABLE_EDGE = trait('table template');
export const TABLE_CONTEXT = trait('table tbody thead tfoot tr');
export const TABLE_SECTION = trait('tbody thead tfoot');
/** Start tags that only a table can hold. */
export const TABLE_PART = trait('tbody thead tfoot tr td th caption colgroup col');
export const CELL = trait('td th caption');
/** Kept where they stand, also straight inside a table. */
export const STAYS_IN_TABLE = trait('script style template');

/** Elements that an end tag of another name does not close across. */
export const SPECIAL = trait(
  'address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript object ol p param plaintext pre script search section select source style summary table tbody td template textarea tfoot th thead title tr track ul wbr xmp',
);
/** Elements whose end tag must find its own start tag in scope, and then ends all that is open inside it. */
export const BLOCK_END = trait(
  'address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer header hgroup listing main menu nav ol pre search section select summary ul form li dd dt applet marquee object',
);
export const FORMATTING = trait('a b big code em font i nobr s small strike strong tt u');

/** Inside svg and math these end the drawing: somebody forgot to close it. */
export const BREAKS_OUT = trait(
  'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
);
/** Elements of svg and math whose content is HTML again. */
export const INTEGRATION = { svg: trait('foreignobject desc title'), math: trait('mi mo mn ms mtext') } as const;

/** Start tags that end a select. */
export const SELECT_END = trait('select input keygen textarea');
/** End tags that are heard inside a select; start tags of a table's parts end one that stands in a table. */
export const SELECT_HEARS = trait('option optgroup select template table caption tbody thead tfoot tr td th');

/**
 * Attributes that are asked for of every element, as bits. Most elements have one of them or none, and reading a field of an object
 * that may have any of ten thousand shapes takes as long as all else that is done with the element.
 */
export const HAS_CLASS = 1;
export const HAS_ID = 2;
export const HAS_ITEMPROP = 4;
export const HAS_ROLE = 8;
export const HAS_REL = 16;
/** One that may say that the element is not shown. */
export const MAY_HIDE = 32;

const marks: ReadonlyMap<string, number> = new Map([
  ['class', HAS_CLASS],
  ['id', HAS_ID],
  ['itemprop', HAS_ITEMPROP],
  ['role', HAS_ROLE],
  ['rel', HAS_REL],
  ['hidden', MAY_HIDE],
  ['aria-hidden', MAY_HIDE],
  ['style', MAY_HIDE],
]);
export const markOf = (attribute: string): number => marks.get(attribute) ?? 0;
export const marksOf = (attributes: Readonly<Record<string, string>>): number =>
  Object.keys(attributes).reduce((all, name) => all | markOf(name), 0);
