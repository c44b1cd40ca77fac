/** How addresses are spelled, whichever version of the URL standard the platform follows. */

/**
 * `href` of a URL with `^` always percent-encoded: newer platforms encode it in paths, older ones leave it, and a reading
 * or an article's name must not depend on which one ran.
 */
export const hrefOf = (url: URL): string => (url.href.includes('^') ? url.href.replaceAll('^', '%5E') : url.href);
