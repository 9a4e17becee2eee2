const WINDOW = 8;

/**
 * Finds values in other places, as they are, in base64 and in hexadecimal. One pass over a text,
 * whatever the number of values. Values shorter than eight characters are not looked for: they occur
 * by chance.
 */
export class ValueSearch {
  readonly #byStart = new Map<string, string[]>();
  readonly #pairs = new Uint8Array(1 << 16);

  constructor(values: Iterable<string>) {
    const forms = new Set([...values].flatMap(formsOf));
    for (const form of forms) {
      if (form.length < WINDOW) continue;
      const start = form.slice(0, WINDOW);
      this.#pairs[pairAt(form, 0)] = 1;
      const known = this.#byStart.get(start);
      if (known === undefined) this.#byStart.set(start, [form]);
      else known.push(form);
    }
  }

  /** Whether the bytes hold one of the values. */
  isIn(bytes: Uint8Array): boolean {
    if (this.#byStart.size === 0) return false;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    for (let at = 0; at + WINDOW <= text.length; at++) {
      if (this.#pairs[pairAt(text, at)] !== 1) continue;
      const forms = this.#byStart.get(text.slice(at, at + WINDOW));
      if (forms?.some((form) => text.startsWith(form, at)) === true) return true;
    }
    return false;
  }
}

const pairAt = (text: string, at: number) =>
  ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);

/** In bytes as latin1, which is how texts are searched. */
function formsOf(value: string): string[] {
  const plain = [Buffer.from(value), ...decoded(value)];
  return plain.flatMap((bytes) => [
    bytes.toString('latin1'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]);
}

/** What a value of `data` is for the application that reads it. */
function decoded(value: string): Buffer[] {
  const compact = value.replace(/\s+/g, '');
  const isBase64 = compact.length >= WINDOW && compact.length % 4 === 0;
  if (!isBase64 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return [];
  return [Buffer.from(compact, 'base64')];
}
