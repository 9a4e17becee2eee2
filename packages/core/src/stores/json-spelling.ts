/**
 * How a writer of JSON escapes what it need not escape. Which of these a string was written with is
 * kept while its value is a token, in the spelling of the token's own `type`: a letter written as an
 * escape stands for a habit. Every reader of JSON sees the same token.
 */
export interface Spelling {
  /** Go: `<`, `>`, `&`, U+2028 and U+2029. */
  readonly html: boolean;
  /** Python: everything beyond ASCII. */
  readonly ascii: boolean;
  /** PHP: `\/`. */
  readonly slash: boolean;
  /** Jackson: upper-case hexadecimal digits. */
  readonly upper: boolean;
}

/** sops' own way of writing strings (SOPS-FORMAT 4.2). */
export const GO_SPELLING: Spelling = { html: true, ascii: false, slash: false, upper: false };
/** Only the escapes that JSON demands. */
export const MINIMAL_SPELLING: Spelling = { html: false, ascii: false, slash: false, upper: false };

/** A JSON string, quotes included. */
export function spell(text: string, spelling: Spelling): string {
  let json = JSON.stringify(text);
  if (spelling.upper) {
    json = json.replace(/(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})/g, (_, before: string, hex: string) => {
      return `${before}\\u${hex.toUpperCase()}`;
    });
  }
  const escapeOf = (char: string): string => {
    const hex = char.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${spelling.upper ? hex.toUpperCase() : hex}`;
  };
  if (spelling.html) json = json.replace(/[<>&\u2028\u2029]/g, escapeOf);
  if (spelling.ascii) json = json.replace(/[\u0080-\uffff]/g, escapeOf);
  return spelling.slash ? json.replaceAll('/', '\\/') : json;
}

/**
 * The text to put in place of a string.
 * @param raw the old string as it stands in the file
 * @param old its value
 */
export function respell(raw: string, old: string, text: string): string {
  const spelling = spellingOf(raw, old);
  if (spelling === MINIMAL_SPELLING) return JSON.stringify(text);
  return isToken(text) ? markToken(text, spelling) : spell(text, spelling);
}

/** With which habits a string was written; the minimal ones when none explains it. */
function spellingOf(raw: string, value: string): Spelling {
  if (raw.length > MAX_EXAMINED || !raw.includes('\\')) return MINIMAL_SPELLING;
  const mark = MARKED_TYPE.exec(raw.slice(-MARK_LENGTH));
  if (mark !== null && isToken(value)) {
    const [, html = '', ascii = '', slash = '', upper = ''] = mark;
    return {
      html: html.length > 1,
      ascii: ascii.length > 1,
      slash: slash.length > 1,
      upper: upper.length > 1,
    };
  }
  if (raw === JSON.stringify(value)) return MINIMAL_SPELLING;
  return SPELLINGS.find((spelling) => spell(value, spelling) === raw) ?? MINIMAL_SPELLING;
}

function markToken(token: string, { html, ascii, slash, upper }: Spelling): string {
  const at = token.lastIndexOf('type:');
  const mark = `${html ? '\\u0074' : 't'}${ascii ? '\\u0079' : 'y'}${slash ? '\\u0070' : 'p'}${upper ? '\\u0065' : 'e'}`;
  return `"${token.slice(0, at)}${mark}${token.slice(at + 4)}"`;
}

/** A token and nothing else; looks at both ends only, since the token of a binary file is long. */
function isToken(text: string): boolean {
  return text.startsWith('ENC[AES256_GCM,data:') && TOKEN_END.test(text.slice(-MARK_LENGTH));
}

/** UTF-16 units of a string whose habits are looked at. */
const MAX_EXAMINED = 1024 * 1024;
const TOKEN_END = /,type:[a-z]+\]$/;
const MARKED_TYPE = /,(t|\\u0074)(y|\\u0079)(p|\\u0070)(e|\\u0065):[a-z]+\]"$/;
/** At most: a comma, four escapes, a colon, the type's name, bracket and quote. */
const MARK_LENGTH = 40;

const SPELLINGS: readonly Spelling[] = Array.from({ length: 15 }, (_, index) => ({
  html: ((index + 1) & 1) !== 0,
  ascii: ((index + 1) & 2) !== 0,
  slash: ((index + 1) & 4) !== 0,
  upper: ((index + 1) & 8) !== 0,
}));
