/** What the HTML standard says of elements by name, as far as it decides which characters are text and in what order. */

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

export const VOID = names(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr',
);

/** Start tags that may stand in the head; any other opens the body. */
export const HEAD_CONTENT = names('base basefont bgsound link meta title noscript noframes style script template');
export const HEAD_NOSCRIPT_CONTENT = names('basefont bgsound link meta noframes style');

/** Opening one of these ends an open `p`. */
export const CLOSES_P = names(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt listing main menu nav ol p plaintext pre search section summary table ul xmp',
);
export const HEADINGS = names('h1 h2 h3 h4 h5 h6');

/** A search for an open element stops at these: an end tag inside a cell never closes what is around the table. */
export const SCOPE_EDGE = names('applet caption html table td th marquee object template');
export const TABLE_CONTEXT = names('table tbody thead tfoot tr');
export const TABLE_SECTION = names('tbody thead tfoot');
export const CELL = names('td th caption');
/** Kept where they stand, also straight inside a table. */
export const STAYS_IN_TABLE = names('script style template');

/** Elements that an end tag of another name does not close across. */
export const SPECIAL = names(
  'address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript object ol p param plaintext pre script search section select source style summary table tbody td template textarea tfoot th thead title tr track ul wbr xmp',
);
/** Elements whose end tag must find its own start tag in scope, and then ends all that is open inside it. */
export const BLOCK_END = names(
  'address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer header hgroup listing main menu nav ol pre search section select summary ul form li dd dt applet marquee object',
);
export const FORMATTING = names('a b big code em font i nobr s small strike strong tt u');

/** Inside svg and math these end the drawing: somebody forgot to close it. */
export const BREAKS_OUT = names(
  'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
);
export const INTEGRATION = { svg: names('foreignobject desc title'), math: names('mi mo mn ms mtext') } as const;

/** All that a select may hold, and what ends it; other tags inside it are passed over. */
export const SELECT_CONTENT = names(
  'option optgroup select input textarea hr script template table caption tbody thead tfoot tr td th svg math',
);
