import { RegexSyntaxError } from './expression.ts';

/** A place in a pattern that moves forward. Reads whole code points. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The UTF-16 unit `ahead` places on, '' past the end. */
  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  codePoint(): number {
    const point = this.text.codePointAt(this.at) ?? 0;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** Text before `end`, which is passed too; null (and no move) when there is none. */
  until(end: string): string | null {
    const found = this.text.indexOf(end, this.at);
    if (found < 0) return null;
    const text = this.text.slice(this.at, found);
    this.at = found + end.length;
    return text;
  }

  fail(message: string, from: number): RegexSyntaxError {
    return new RegexSyntaxError(message, from);
  }
}
