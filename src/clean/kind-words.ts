/** Whether a page says what a rule of `kinds.yaml` listens for: in its titles, in short blocks, in its markup. */
import type { Document, Element } from 'domhandler';
import type { KindRule } from '../core/rules.ts';
import { isElement } from './nodes.ts';
import { plain, type Rules } from './rules.ts';

/** A phrase is what a text says for the most part: a headline about an error page is longer. */
export const MOST = 3;
/** A phrase is the matter of a sentence: "Sorry, the page … was not found. Try the search." */
export const PART = 5;

const known = new WeakMap<KindRule, readonly string[]>();

/** The words of a rule and of the list it names, as they are compared. */
function phrasesOf(rules: Rules, rule: KindRule): readonly string[] {
  const there = known.get(rule);
  if (there) return there;
  const named = rules.kinds.kinds.find(({ id }) => id === rule.list);
  const listed = rule.list === undefined || named ? [] : (rules.words[rule.list] ?? []);
  const own = [rule, ...(named ? [named] : [])].flatMap(({ words = {} }) => Object.values(words).flat());
  const phrases = [...new Set([...listed, ...own].map(plain))];
  known.set(rule, phrases);
  return phrases;
}

/** Whether in one of the texts a phrase makes up the `part`th part at least. Texts are `plain`. */
export const says = (rules: Rules, rule: KindRule, texts: readonly string[], part: number): boolean =>
  texts.length > 0 &&
  phrasesOf(rules, rule).some((phrase) =>
    texts.some((text) => phrase.length * part >= text.length && text.includes(phrase)),
  );

export const mentions = (rules: Rules, rule: KindRule, text: string): boolean =>
  phrasesOf(rules, rule).some((phrase) => text.includes(phrase));

/** Whether an element's id, class or address holds one of the rule's words. */
export function hasMarkup(document: Document, { words = {} }: KindRule): boolean {
  const signs = Object.values(words).flat();
  const waiting: Element[] = document.children.filter((child) => isElement(child as Element)) as Element[];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    const { id = '', class: names = '', src = '', action = '' } = element.attribs;
    const spelled = `${id} ${names} ${src} ${action}`.toLowerCase();
    if (signs.some((sign) => spelled.includes(sign))) return true;
    for (const child of element.children) if (isElement(child as Element)) waiting.push(child as Element);
  }
  return false;
}
