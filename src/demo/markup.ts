/** Markup whose holes are escaped unless they are markup themselves. */
export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

type Hole = string | number | Markup | readonly Markup[];
function filled(hole: Hole): string {
  if (hole instanceof Markup) return hole.source;
  return typeof hole === 'object' ? hole.map((part) => part.source).join('\n') : escaped(String(hole));
}

export const markup = (parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup =>
  new Markup(parts.map((part, index) => part + (index < holes.length ? filled(holes[index] ?? '') : '')).join(''));

export const nothing = new Markup('');

/** JSON inside a script element: `</script>` in a text must not end it. */
export const jsonMarkup = (value: unknown): Markup =>
  new Markup(JSON.stringify(value, null, 1).replace(/</g, '\\u003c'));
