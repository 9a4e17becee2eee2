/** Says what there is to say of many files in their order, whichever is done first. */
export class InOrder {
  readonly #say: (text: string) => void;
  readonly #early = new Map<number, string | null>();
  #next = 0;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** @param text null: nothing to say */
  add(index: number, text: string | null): void {
    this.#early.set(index, text);
    for (let next = this.#early.get(this.#next); next !== undefined; ) {
      if (next !== null) this.#say(next);
      this.#early.delete(this.#next);
      next = this.#early.get(++this.#next);
    }
  }
}
