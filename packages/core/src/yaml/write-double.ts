/**
 * How the characters of a double-quoted scalar are spelled. All say the same; the first is ours, the
 * others let a value come back as it stood. Numbers are their names in files: only ever append.
 */
interface Spelling {
  /** Beyond what must be escaped always. */
  readonly escapes: 'nothing' | 'astral' | 'non-ascii';
  readonly short: ReadonlyMap<string, string>;
  readonly hex: (code: number) => string;
  readonly rawTabs?: boolean;
}

const JSON_SHORT: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

const YAML_SHORT: ReadonlyMap<string, string> = new Map([
  ...JSON_SHORT,
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\v', '\\v'],
  ['\x1b', '\\e'],
  ['\u0085', '\\N'],
  ['\u00a0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

const upper = (code: number, width: number): string =>
  code.toString(16).toUpperCase().padStart(width, '0');
const lower = (code: number, width: number): string => code.toString(16).padStart(width, '0');

const yamlHex = (code: number): string => (code <= 0xff ? `\\x${upper(code, 2)}` : upperHex(code));
const lowerYamlHex = (code: number): string => {
  if (code <= 0xff) return `\\x${lower(code, 2)}`;
  return code <= 0xffff ? `\\u${lower(code, 4)}` : `\\U${lower(code, 8)}`;
};
const upperHex = (code: number): string =>
  code <= 0xffff ? `\\u${upper(code, 4)}` : `\\U${upper(code, 8)}`;
const lowerHex = (code: number): string =>
  code <= 0xffff ? `\\u${lower(code, 4)}` : upperHex(code);

const OURS: Spelling = { escapes: 'nothing', short: YAML_SHORT, hex: yamlHex };
const SOPS: Spelling = { escapes: 'astral', short: YAML_SHORT, hex: yamlHex };

const SPELLINGS: readonly Spelling[] = [
  OURS,
  SOPS,
  { escapes: 'nothing', short: JSON_SHORT, hex: lowerHex },
  { escapes: 'nothing', short: JSON_SHORT, hex: upperHex },
  { escapes: 'non-ascii', short: YAML_SHORT, hex: yamlHex },
  { escapes: 'non-ascii', short: JSON_SHORT, hex: lowerHex },
  { escapes: 'non-ascii', short: JSON_SHORT, hex: upperHex },
  { escapes: 'nothing', short: YAML_SHORT, hex: yamlHex, rawTabs: true },
  { escapes: 'nothing', short: JSON_SHORT, hex: yamlHex },
  { escapes: 'nothing', short: JSON_SHORT, hex: lowerYamlHex },
  { escapes: 'non-ascii', short: YAML_SHORT, hex: lowerYamlHex },
];

/**
 * The text in double quotes on one line.
 * @param spelling one that `spellingOf` gave; ours for any number that is none
 */
export function doubleQuoted(text: string, spelling = 0): string {
  return quoted(text, SPELLINGS[spelling] ?? OURS);
}

/** The number of the spelling in which the text is written so; ours where none fits. */
export function spellingOf(text: string, written: string): number {
  const number = SPELLINGS.findIndex((spelling) => quoted(text, spelling) === written);
  return Math.max(number, 0);
}

/** In double quotes as sops does it: behind a byte order mark at the beginning it escapes everything. */
export function sopsDoubleQuoted(text: string): string {
  if (!text.startsWith('\ufeff')) return quoted(text, SOPS);
  return `"${Array.from(text, (character) => escaped(character, SOPS)).join('')}"`;
}

function quoted(text: string, spelling: Spelling): string {
  const spell = (character: string): string =>
    character === '\t' && spelling.rawTabs === true ? character : escaped(character, spelling);
  return `"${text.replace(ESCAPED[spelling.escapes], spell)}"`;
}

/** What no reader takes raw, a line break of any kind, a quote or a backslash; and more. */
const ESCAPED = {
  nothing: /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udfff]/gu,
  astral:
    /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\u{10000}-\u{10ffff}]|[\ud800-\udfff]/gu,
  'non-ascii': /["\\\u0000-\u001f\u007f-\uffff]|[\u{10000}-\u{10ffff}]|[\ud800-\udfff]/gu,
} as const;

function escaped(character: string, { short, hex }: Spelling): string {
  const known = short.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  // A lone surrogate is no character and YAML has no escape for it.
  return code >= 0xd800 && code <= 0xdfff ? '\\uFFFD' : hex(code);
}
