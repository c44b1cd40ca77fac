/**
 * The cautious general rule for consent dialogs nobody wrote a rule for, as far as it runs inside the page (see `in-page.ts`):
 * what lies over the page, speaks of consent, asks for nothing, and has a button that answers it.
 */
import type { PageElement, PageRoot } from './in-page.ts';

/** Of `in-page.ts`; an import would not be there. */
declare const rootsOfPage: () => PageRoot[];
declare const document: PageRoot & { readonly body: PageElement | null };
declare const window: { readonly innerWidth: number; readonly innerHeight: number };
declare const getComputedStyle: (element: PageElement) => { readonly position: string };
interface World {
  /** The dialog that was answered last, to see whether it went away. */
  answered?: PageElement | undefined;
  tried?: PageElement[];
}
export function memory(): World {
  return globalThis as World;
}

/** Words in lower case, as `config/words/consent.json` has them, those of all languages together. */
export interface ConsentWords {
  readonly topic: readonly string[];
  readonly reject: readonly string[];
  readonly accept: readonly string[];
  readonly never: readonly string[];
}
export interface ConsentClick {
  readonly answer: 'reject' | 'accept';
  /** What the button says. */
  readonly says: string;
}

export function plainText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

export function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{M}]/u.test(character);
}

/** Whether a text holds one of the words: from its first letter on, to its last where `isWhole`. Scripts that write no spaces have no such borders. */
export function holdsWord(text: string, words: readonly string[], isWhole: boolean): boolean {
  return words.some((word) => {
    if (/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}]/u.test(word)) return text.includes(word);
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isLetter(text[at - 1]) && !(isWhole && isLetter(text[at + word.length]))) return true;
    }
    return false;
  });
}

export function answerOf(says: string, words: ConsentWords): 'reject' | 'accept' | null {
  const text = plainText(says);
  if (text.length < 2 || text.length > 60 || holdsWord(text, words.never, false)) return null;
  // "Do not accept" holds "accept".
  if (holdsWord(text, words.reject, true)) return 'reject';
  return holdsWord(text, words.accept, true) ? 'accept' : null;
}

export function isShown(element: PageElement): boolean {
  const { width, height } = element.getBoundingClientRect();
  if (width < 4 || height < 4) return false;
  return element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) ?? true;
}

/** What the element shows, with what its shadow root does. */
export function shownText(element: PageElement): string {
  const shadow = element.shadowRoot === null ? [] : [...element.shadowRoot.querySelectorAll(':scope > :not(style)')];
  return [element.innerText ?? '', ...shadow.map((part) => part.innerText ?? '')].join(' ').slice(0, 20_000);
}

/** Dialogs by their role, and what is fixed over two fifths of the view, found by what lies at nine points of it. */
export function overlays(): PageElement[] {
  const found = new Set<PageElement>();
  const { innerWidth: width, innerHeight: height } = window;
  const named = '[role="dialog"], [role="alertdialog"], [aria-modal="true"], dialog[open]';
  for (const root of rootsOfPage()) {
    for (const dialog of root.querySelectorAll(named)) found.add(dialog);
    for (const place of [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [x, y] as const))) {
      for (const hit of root.elementsFromPoint(place[0] * width, place[1] * height)) {
        const box = hit.getBoundingClientRect();
        if (box.width * box.height < 0.4 * width * height) continue;
        if (['fixed', 'sticky'].includes(getComputedStyle(hit).position)) found.add(hit);
      }
    }
  }
  const { body } = document;
  // A page that is nothing but its question.
  if (body !== null && plainText(body.innerText).length < 600) found.add(body);
  return [...found];
}

/** Buttons, and links only where they lead nowhere; none that sends a form in which something is filled in. */
export function buttonsOf(overlay: PageElement): PageElement[] {
  const selector =
    'button, [role="button"], input[type="button"], input[type="submit"], a:not([href]), a[href="#"], a[href^="javascript:"]';
  const fields =
    'input[type="password"], input[type="email"], input[type="tel"], input[type="text"], input:not([type]), textarea';
  const roots = [overlay, overlay.shadowRoot, ...rootsOfPage().filter((root) => isWithin(root, overlay))];
  return roots
    .flatMap((root) => (root === null ? [] : [...root.querySelectorAll(selector)]))
    .filter((button) => isShown(button) && !button.closest('form')?.querySelector(fields));
}

/** Whether a shadow root hangs, at any depth, on something in the overlay. */
export function isWithin(root: PageRoot, overlay: PageElement): boolean {
  let { host } = root as PageRoot & { readonly host?: PageElement };
  while (host !== undefined) {
    if (overlay.contains(host)) return true;
    ({ host } = (host as PageElement & { getRootNode(): { readonly host?: PageElement } }).getRootNode());
  }
  return false;
}

/** Answers the first dialog that asks for consent, refusing where it can; null where there is none. No button is clicked twice. */
export function answerConsent(words: ConsentWords): ConsentClick | null {
  const tried = (memory().tried ??= []);
  memory().answered = undefined;
  for (const overlay of overlays().filter(isShown)) {
    const text = plainText(shownText(overlay));
    if (!holdsWord(text, words.topic, false)) continue;
    // A dialog that wants to be filled in is another's: a login, a letter to subscribe to.
    const wanted = [...overlay.querySelectorAll('input[type="password"], input[type="email"]')];
    if (wanted.some(isShown)) continue;
    const buttons = buttonsOf(overlay)
      .filter((button) => !tried.includes(button))
      .map((button) => {
        const says = button.innerText || button.value || button.getAttribute('aria-label') || '';
        return { button, says, answer: answerOf(says, words) };
      });
    const chosen =
      buttons.find(({ answer }) => answer === 'reject') ?? buttons.find(({ answer }) => answer === 'accept');
    if (chosen === undefined || chosen.answer === null) continue;
    tried.push(chosen.button);
    memory().answered = overlay;
    chosen.button.click();
    return { answer: chosen.answer, says: chosen.says };
  }
  return null;
}

/** Whether the dialog that was answered last is still there. */
export function isStillAsked(): boolean {
  const { answered } = memory();
  return answered !== undefined && answered.isConnected && isShown(answered);
}
