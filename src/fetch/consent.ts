/**
 * Consent dialogs, answered: by the rules of autoconsent, whose only door this is, and where it knows none by a cautious rule
 * of our own. Refused where that is possible, agreed to where there is no other way to the page.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Config, RuleBundle } from '@duckduckgo/autoconsent';
import type { Clock } from '../core/clock.ts';
import { ROOT } from '../core/package.ts';
import { answerConsent, isStillAsked } from './consent-page.ts';
import type { ConsentWords } from './consent-page.ts';
import { BINDING, type IsolatedWorld } from './isolated-world.ts';

type Rule = RuleBundle['autoconsent'][number];

/** How long a dialog that was found may take to open, and one that is open to be answered. */
const OPENING_MS = 1_500;
const ANSWERING_MS = 8_000;
/** How long a frame may take to tell whether it knows a dialog. */
const LOOKING_MS = 2_500;
const STEP_MS = 50;
/** How long a dialog may take to go away once its button was clicked. */
const GOING_MS = 1_500;

const require = createRequire(import.meta.url);
let loaded: { readonly script: string; readonly rules: readonly Rule[] } | undefined;
/** 140 kB of script and 680 kB of rules, read with the first page. */
function autoconsent(): { readonly script: string; readonly rules: readonly Rule[] } {
  if (loaded === undefined) {
    // The package exports its entry alone; the script for browsers that are driven from outside lies beside it.
    const script = readFileSync(
      join(dirname(require.resolve('@duckduckgo/autoconsent')), 'autoconsent.playwright.js'),
      'utf8',
    );
    const { autoconsent: rules } = require('@duckduckgo/autoconsent/rules/rules.json') as RuleBundle;
    loaded = { script, rules };
  }
  return loaded;
}

/** Three of four rules are for one site; the others are a sixth of the bytes. */
const rulesFor = (rules: readonly Rule[], url: string): Rule[] =>
  rules.filter(({ runContext }) => !runContext?.urlPattern || new RegExp(runContext.urlPattern).test(url));

const CONFIG: Partial<Config> = {
  enabled: true,
  autoAction: 'optOut',
  enablePrehide: false,
  enableCosmeticRules: true,
  // The page has settled: what is not there now will not come.
  detectRetries: 0,
  heuristicMode: 'off',
};

/** What the content script says, as far as it is listened to. */
interface Message {
  readonly type: string;
  readonly cmp?: string;
  readonly result?: boolean;
  readonly id?: string;
  readonly code?: string;
  readonly state?: { readonly lifecycle?: string };
}

let words: ConsentWords | undefined;
export function consentWords(): ConsentWords {
  if (words === undefined) {
    const { languages, never } = JSON.parse(readFileSync(join(ROOT, 'config/words/consent.json'), 'utf8')) as {
      languages: Record<string, Record<'topic' | 'reject' | 'accept', string[]>>;
      never: Record<string, string[]>;
    };
    const all = (kind: 'topic' | 'reject' | 'accept') => [
      ...new Set(Object.values(languages).flatMap((language) => language[kind])),
    ];
    const denied = [...new Set(Object.values(never).flat())];
    words = { topic: all('topic'), reject: all('reject'), accept: all('accept'), never: denied };
  }
  return words;
}

/** One round of rules over every frame of a page. */
class Round {
  readonly #world: IsolatedWorld;
  readonly #clock: Clock;
  readonly #looking = new Set<string>();
  readonly #failed = new Set<string>();
  #foundAt: number | undefined;
  #openAt: number | undefined;
  note: string | undefined;

  constructor(world: IsolatedWorld, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  async run(url: string, until: number): Promise<void> {
    const { script, rules } = autoconsent();
    const said = { type: 'initResp', config: CONFIG, rules: { autoconsent: rulesFor(rules, url) } };
    const reply = `autoconsentReceiveMessage(${JSON.stringify(said)})`;
    this.#world.hear((frameId, text) => void this.#onMessage(frameId, text).catch(() => undefined));
    const bridge = `globalThis.autoconsentSendMessage = async (said) => ${BINDING}(JSON.stringify(said))`;
    for (const frameId of this.#world.frames) {
      this.#looking.add(frameId);
      void this.#world
        .evaluate(
          `if (!globalThis.autoconsentReceiveMessage) { ${bridge}; ${script}\n; void ${reply}; 'begun' }`,
          frameId,
        )
        .catch(() => undefined)
        // Once asked, a document is not asked again.
        .then((begun) => begun === 'begun' || this.#looking.delete(frameId));
    }
    const startedAt = this.#clock.now();
    while (!this.#isOver(startedAt, until)) await this.#clock.sleep(STEP_MS);
    this.#world.hear(() => undefined);
  }

  #isOver(startedAt: number, until: number): boolean {
    const now = this.#clock.now();
    if (this.note !== undefined || now >= until) return true;
    if (this.#openAt !== undefined) return now - this.#openAt > ANSWERING_MS;
    if (this.#foundAt !== undefined) return now - this.#foundAt > OPENING_MS;
    return this.#looking.size === 0 || now - startedAt > LOOKING_MS;
  }

  async #onMessage(frameId: string, text: string): Promise<void> {
    const message = JSON.parse(text) as Message;
    const { type, cmp = '', result = false, state } = message;
    if (type === 'report' && state?.lifecycle === 'nothingDetected') this.#looking.delete(frameId);
    else if (type === 'cmpDetected') this.#foundAt ??= this.#clock.now();
    else if (type === 'popupFound') this.#openAt ??= this.#clock.now();
    else if (type === 'eval') await this.#evaluate(frameId, message);
    else if (type === 'optOutResult' && !result && !this.#failed.has(frameId)) {
      this.#failed.add(frameId);
      await this.#world.evaluate(`void autoconsentReceiveMessage({ type: 'optIn' })`, frameId);
    } else if (type === 'autoconsentDone') {
      const how = this.#failed.has(frameId) ? 'accepted, since it could not be refused' : 'refused';
      this.note = `consent ${how}, by the rule ${cmp}`;
    }
  }

  /** Some rules ask the page's own scripts. */
  async #evaluate(frameId: string, { id, code = '' }: Message): Promise<void> {
    const result = await this.#world.evaluate(code, frameId, 'page').catch(() => false);
    const answer = JSON.stringify({ type: 'evalResp', id, result: Boolean(result) });
    await this.#world.evaluate(`void autoconsentReceiveMessage(${answer})`, frameId);
  }
}

export interface ConsentAnswer {
  /** How it was answered. */
  readonly note: string;
  /** False where the dialog is still there. */
  readonly isGone: boolean;
}

/**
 * Answers the dialog that asks for consent, if there is one; null where there was none. A click may
 * have the page reload: whoever calls waits for that.
 */
export async function closeConsent(
  world: IsolatedWorld,
  clock: Clock,
  { url, until }: { readonly url: string; readonly until: number },
): Promise<ConsentAnswer | null> {
  const round = new Round(world, clock);
  await round.run(url, until);
  if (round.note !== undefined) return { note: round.note, isGone: true };
  const click = await world.call(answerConsent, consentWords());
  if (click === null) return null;
  const goneBy = Math.min(clock.now() + GOING_MS, until);
  const isOpen = (): Promise<boolean> => world.call(isStillAsked).catch(() => false);
  let isGone = !(await isOpen());
  while (!isGone && clock.now() < goneBy) {
    await clock.sleep(STEP_MS);
    isGone = !(await isOpen());
  }
  const says = click.says
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 60);
  return { note: `consent ${click.answer === 'reject' ? 'refused' : 'accepted'}, by a click on "${says}"`, isGone };
}
