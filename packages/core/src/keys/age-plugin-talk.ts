import { TidelockError } from '../errors.ts';
import { type AgeStanza, decodeRawBase64, formatStanza, stanzaArguments } from './age-format.ts';
import type { PluginProcess } from './age-plugin-host.ts';

const MOST_OUTPUT = 1024 * 1024;
const COLUMNS = 64;

/** The turns of the age plugin protocol: one stanza said, one stanza heard. */
export class PluginTalk {
  readonly #name: string;
  readonly #process: PluginProcess;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #patienceMs: number;
  #buffer = '';
  #received = 0;

  constructor(name: string, process: PluginProcess, patienceMs: number) {
    this.#name = name;
    this.#process = process;
    this.#chunks = process.output[Symbol.asyncIterator]();
    this.#patienceMs = patienceMs;
  }

  say(args: readonly string[], body: Uint8Array = new Uint8Array(0)): void {
    this.#process.write(formatStanza({ args, body }));
  }

  /** @throws TidelockError ERR_IDENTITY when it ends, is silent for too long or says nonsense */
  async hear(): Promise<AgeStanza> {
    const line = await this.#line();
    if (!line.startsWith('-> ')) throw this.failure('does not follow the plugin protocol');
    const args = this.#arguments(line.slice(3));
    const parts: Uint8Array[] = [];
    for (;;) {
      const text = await this.#line();
      const bytes = text.length <= COLUMNS ? decodeRawBase64(text) : null;
      if (bytes === null) throw this.failure('does not follow the plugin protocol');
      parts.push(bytes);
      if (text.length < COLUMNS) return { args, body: Buffer.concat(parts) };
    }
  }

  close(): void {
    this.#process.close();
  }

  failure(what: string): TidelockError {
    return new TidelockError('ERR_IDENTITY', `age-plugin-${this.#name} ${what}`, {
      hint: `Try it with age itself: the plugin age-plugin-${this.#name} must work there too.`,
    });
  }

  #arguments(text: string): readonly string[] {
    try {
      return stanzaArguments(text);
    } catch {
      throw this.failure('does not follow the plugin protocol');
    }
  }

  async #line(): Promise<string> {
    let end = this.#buffer.indexOf('\n');
    while (end === -1) {
      const searched = this.#buffer.length;
      this.#buffer += await this.#read();
      end = this.#buffer.indexOf('\n', searched);
    }
    const line = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end + 1);
    return line;
  }

  async #read(): Promise<string> {
    const next = await this.#inTime(this.#chunks.next());
    if (next.done === true) throw this.failure('ended before it was done');
    this.#received += next.value.length;
    if (this.#received > MOST_OUTPUT) throw this.failure('says too much');
    return Buffer.from(next.value).toString('latin1');
  }

  async #inTime<T>(promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.failure('does not answer')), this.#patienceMs);
    });
    try {
      return await Promise.race([promise, late]);
    } catch (cause) {
      if (cause instanceof TidelockError) throw cause;
      throw this.failure('ended before it was done');
    } finally {
      clearTimeout(timer);
    }
  }
}
