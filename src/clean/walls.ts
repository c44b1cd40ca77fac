/** A wall, an error page or a list has no article: what looked like one is named for what it is. */
import type { Label, PageKind } from '../core/labels.ts';
import type { Labelled } from './label.ts';
import { isRuled } from './source-rules.ts';

const NAMES: Readonly<Partial<Record<PageKind, Label>>> = {
  login: 'login',
  consent: 'consent',
  'bot-check': 'ui',
  'soft-404': 'ui',
  error: 'ui',
  listing: 'related',
};

export function withoutFalseArticle(labelled: readonly Labelled[], kind: PageKind): readonly Labelled[] {
  const label = NAMES[kind];
  if (label === undefined) return labelled;
  const isOpen = (one: Labelled) =>
    !isRuled(one) &&
    (one.role === 'article' ||
      (kind === 'login' && (one.label === 'other' || one.reasons.some(({ rule }) => rule === 'related/story-link'))));
  return labelled.map((one) =>
    isOpen(one)
      ? { ...one, role: 'boilerplate', label, reasons: [{ rule: `${label}/page-is-${kind}`, weight: 60 }] }
      : one,
  );
}
