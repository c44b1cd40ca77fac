/** Two readings of one article: what changed, and what a look at the page came to. Pure. */
export { compare, hasEdits, summarise } from './change.ts';
export { judgeLook, type Judgement, type LookEvidence } from './outcome.ts';
export { markWords, type WordLists } from './words.ts';
