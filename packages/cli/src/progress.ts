import { isAskingPassphrase } from './files/passphrase.ts';
import type { Ports } from './ports.ts';

const FIRST_AFTER_MS = 1000;
const BETWEEN_MS = 200;
const CLEAR_LINE = '\r\u001b[K';

/** A line on a terminal that counts, once the work takes longer than a second. */
export class Progress {
  readonly #ports: Ports;
  #next: number;
  #isShown = false;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#next = ports.now().getTime() + FIRST_AFTER_MS;
  }

  show(text: string): void {
    if (!this.#ports.isTerminal) return;
    const now = this.#ports.now().getTime();
    if (now < this.#next) return;
    this.#next = now + BETWEEN_MS;
    this.#isShown = true;
    this.#ports.stderr(`${CLEAR_LINE}${text}`);
  }

  clear(): void {
    if (this.#isShown) this.#ports.stderr(CLEAR_LINE);
    this.#isShown = false;
  }

  /** Writes what stays, and leaves no rest of the count before it. */
  say(text: string): void {
    this.clear();
    this.#ports.stderr(text);
  }

  /** Shows the text of the moment while the work waits for something. */
  async during<T>(text: () => string, work: Promise<T>): Promise<T> {
    if (!this.#ports.isTerminal) return work;
    const end = this.start(text);
    try {
      return await work;
    } finally {
      end();
    }
  }

  /** Shows the text of the moment until what it returns is called. */
  start(text: () => string): () => void {
    const timer = setInterval(() => {
      if (!isAskingPassphrase()) this.show(text());
    }, BETWEEN_MS);
    return () => {
      clearInterval(timer);
      this.clear();
    };
  }
}
