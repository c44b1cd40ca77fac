/** Connections kept open between requests. A line carries one request at a time, so we always know which socket answered. */
import type { Connection, Dial } from './connect.ts';

/** What of undici's Client a line uses. */
interface RequestClient {
  dispatch(order: { path: string; method: 'GET'; headers: string[] }, handler: object): boolean;
  close(): Promise<void>;
  destroy(): Promise<void>;
  on(event: 'disconnect', listener: () => void): unknown;
}
/** Makes a client for an origin that gets its sockets from `connect`. */
export type OpenClient = (origin: string, connect: () => Promise<Connection>) => RequestClient;

export interface Line {
  readonly origin: string;
  readonly client: RequestClient;
  /** The connection in use; undefined until the first one stands. */
  readonly connection: Connection | undefined;
  /** True where the line has carried a request before: the server may have let go of its connection since. */
  readonly isReused: boolean;
}
interface OwnLine extends Line {
  connection: Connection | undefined;
  isReused: boolean;
  isIdle: boolean;
  readonly stop: AbortController;
}

export class Lines {
  readonly #dial: Dial;
  readonly #open: OpenClient;
  readonly #idle = new Map<string, OwnLine[]>();

  constructor(dial: Dial, open: OpenClient) {
    this.#dial = dial;
    this.#open = open;
  }

  /** A line to the origin: one that is idle, or a new one where there is none or `fresh` asks for it. */
  take(url: URL, fresh = false): Line {
    const idle = fresh ? undefined : this.#idle.get(url.origin)?.pop();
    if (idle === undefined) return this.#openLine(url);
    idle.isIdle = false;
    idle.isReused = true;
    return idle;
  }

  #openLine(url: URL): OwnLine {
    const stop = new AbortController();
    const client = this.#open(url.origin, async () => {
      line.connection = await this.#dial(url, stop.signal);
      return line.connection;
    });
    const line: OwnLine = { origin: url.origin, client, connection: undefined, isReused: false, isIdle: false, stop };
    client.on('disconnect', () => {
      if (line.isIdle) this.drop(line);
    });
    return line;
  }

  /** Gives back a line whose answer was read to its end. */
  release(line: Line): void {
    const own = line as OwnLine;
    own.isIdle = true;
    const idle = this.#idle.get(line.origin);
    if (idle) idle.push(own);
    else this.#idle.set(line.origin, [own]);
  }

  /** Closes a line at once, with whatever is on its way. */
  drop(line: Line): void {
    const own = line as OwnLine;
    own.stop.abort();
    const rest = this.#idle.get(line.origin)?.filter((other) => other !== own) ?? [];
    if (rest.length > 0) this.#idle.set(line.origin, rest);
    else this.#idle.delete(line.origin);
    void line.client.destroy();
  }

  /** Closes the idle lines. */
  async close(): Promise<void> {
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(idle.map((line) => line.client.close()));
  }
}
