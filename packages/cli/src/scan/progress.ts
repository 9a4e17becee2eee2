import type { Ports } from '../ports.ts';

const FIRST_AFTER_MS = 1000;
const BETWEEN_MS = 200;

/** A line on a terminal that counts, once a scan takes longer than a second. */
export class Progress {
  readonly #ports: Ports;
  #next: number;
  #isShown = false;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#next = ports.now().getTime() + FIRST_AFTER_MS;
  }

  show(files: number): void {
    if (!this.#ports.isTerminal) return;
    const now = this.#ports.now().getTime();
    if (now < this.#next) return;
    this.#next = now + BETWEEN_MS;
    this.#isShown = true;
    this.#ports.stderr(`\r${files} files`);
  }

  clear(): void {
    if (this.#isShown) this.#ports.stderr('\r\u001b[K');
    this.#isShown = false;
  }
}
