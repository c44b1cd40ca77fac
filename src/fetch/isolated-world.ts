/**
 * A world of our own in each frame of a page: the same document, other globals. What a page does to `Array.prototype` or
 * `document.querySelectorAll` changes nothing here, and it cannot see or forge what is said between us and the browser.
 */
import type { CDPSession } from 'playwright';
import type { Clock } from '../core/clock.ts';

const WORLD = 'tearsheet';
/** Called from inside, with one string. */
export const BINDING = 'tearsheetSays';

const HALT_STEP_MS = 50;

interface Frame {
  /** Execution contexts of the frame: ours, and the page's own. */
  own?: number;
  page?: number;
}
interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}
/** Hears what a frame's world says. */
export type Listener = (frameId: string, message: string) => void;

export class IsolatedWorld {
  readonly #session: CDPSession;
  readonly #frames = new Map<string, Frame>();
  #mainFrame = '';
  #listener: Listener = () => undefined;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** Puts the world into every frame that the page has and will have; `functions` are known in it by their names. */
  static async open(
    session: CDPSession,
    functions: readonly ((...given: never[]) => unknown)[],
  ): Promise<IsolatedWorld> {
    const world = new IsolatedWorld(session);
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
      if (frameId === undefined) return;
      const frame = world.#frames.get(frameId) ?? {};
      if (isDefault) frame.page = context.id;
      else if (context.name === WORLD) frame.own = context.id;
      world.#frames.set(frameId, frame);
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => world.#forget(executionContextId));
    session.on('Runtime.executionContextsCleared', () => world.#frames.clear());
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const frameId = [...world.#frames].find(([, { own }]) => own === executionContextId)?.[0];
      if (name === BINDING && frameId !== undefined) world.#listener(frameId, payload);
    });
    await session.send('Page.enable');
    const { frameTree } = await session.send('Page.getFrameTree');
    world.#mainFrame = frameTree.frame.id;
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
    // A transpiler may name functions through a helper that is not there.
    const source = ['globalThis.__name ??= (named) => named;', ...functions.map(String), 'watchChanges();'].join('\n');
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
    return world;
  }

  #forget(contextId: number): void {
    for (const [frameId, frame] of this.#frames) {
      if (frame.own === contextId) delete frame.own;
      if (frame.page === contextId) delete frame.page;
      if (frame.own === undefined && frame.page === undefined) this.#frames.delete(frameId);
    }
  }

  hear(listener: Listener): void {
    this.#listener = listener;
  }

  get mainFrame(): string {
    return this.#mainFrame;
  }
  /** Ids of the frames that can be spoken to. */
  get frames(): string[] {
    return [...this.#frames].filter(([, { own }]) => own !== undefined).map(([frameId]) => frameId);
  }

  /** Calls one of the functions in the main frame. Throws where the page is gone, or navigates at that moment. */
  async call<Given extends readonly unknown[], Gives>(
    named: (...given: Given) => Gives,
    ...given: Given
  ): Promise<Gives> {
    const spelled = given.map((value) => JSON.stringify(value)).join(', ');
    return (await this.evaluate(`${named.name}(${spelled})`)) as Gives;
  }

  /** Gives the value of an expression in a frame: in our world, or in the page's own. Throws as `call` does. */
  async evaluate(expression: string, frameId = this.#mainFrame, where: keyof Frame = 'own'): Promise<unknown> {
    const contextId = this.#frames.get(frameId)?.[where];
    if (contextId === undefined) throw new Error('the frame has no document yet');
    const { result, exceptionDetails } = (await this.#session.send('Runtime.evaluate', {
      expression,
      contextId,
      returnByValue: true,
      awaitPromise: true,
    })) as Evaluated;
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /**
   * Ends whatever script runs and lets none begin, so that a page that never pauses can still be read. Scripts are ended again
   * and again: between the end of one and the word that none may begin there is time for the next.
   */
  async halt(clock: Clock, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    const halted = this.#session.send('Emulation.setScriptExecutionDisabled', { value: true }).then(end, end);
    while (!stop.signal.aborted) {
      await this.#session.send('Runtime.terminateExecution').catch(end);
      await Promise.race([halted, clock.sleep(HALT_STEP_MS)]);
    }
  }
}
