declare const safe: unique symbol;

/**
 * Text that holds no part of any value. Only the functions of this file make it, so the compiler
 * keeps values out of messages: what a rule writes goes through `say`.
 */
export type SafeText = string & { readonly [safe]: true };

/** A message: our own words, with numbers and other safe text in between. */
export function say(
  words: TemplateStringsArray,
  ...parts: readonly (SafeText | number)[]
): SafeText {
  return String.raw({ raw: words.map((word) => word) }, ...parts) as SafeText;
}

/** Words that stand in our own source or in a table of it. Never pass anything read from a file. */
export function ownWords(text: string): SafeText {
  return text as SafeText;
}

/**
 * A value's kind and length class, never a character of it: `letters and digits, 16 to 31
 * characters`.
 */
export function mask(value: string): SafeText {
  return `${kindOfText(value)}, ${lengthClass(value.length)}` as SafeText;
}

function kindOfText(value: string): string {
  if (value.includes('\n')) return 'text of several lines';
  if (/^[0-9]+$/.test(value)) return 'digits';
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(value)) return 'hexadecimal';
  if (/^[A-Za-z]+$/.test(value)) return 'letters';
  if (/^[A-Za-z0-9]+$/.test(value)) return 'letters and digits';
  if (value.length >= 16 && value.length % 4 === 0 && BASE64.test(value)) return 'base64';
  return 'text';
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Powers of two, so that the length of a password is not told exactly. */
function lengthClass(length: number): string {
  if (length < 8) return 'under 8 characters';
  const from = 2 ** Math.floor(Math.log2(length));
  return `${from} to ${from * 2 - 1} characters`;
}

/**
 * The name of a key, as a message may show it: names of the usual shape as they are, anything that
 * could be a value in the wrong place by its length alone.
 */
export function keyName(name: string): SafeText {
  const shown = NAME.test(name) && !looksRandom(name);
  return (shown ? name : `(a name of ${lengthClass(name.length)})`) as SafeText;
}

/** A path in a tree, as sops writes it: `["data"]["password"][0]`. */
export function treePathText(path: readonly (string | number)[]): SafeText {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `["${keyName(part)}"]`))
    .join('') as SafeText;
}

const NAME = /^[A-Za-z0-9_.$@/][A-Za-z0-9_.$@/: -]{0,99}$/;

/** Twenty and more characters without a separator, mixing cases with digits throughout. */
function looksRandom(name: string): boolean {
  for (const run of name.split(/[^A-Za-z0-9]+/)) {
    if (run.length < 20) continue;
    const changes = run.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])|[a-z](?=[A-Z])/g)?.length ?? 0;
    if (changes * 6 >= run.length) return true;
    if (/[0-9]/.test(run) && /^[0-9a-f]+$/i.test(run)) return true;
  }
  return false;
}

/**
 * A path of the tree under examination. File names are shown as they are: reporters escape them
 * for the place they are written to.
 */
export function fileName(path: string): SafeText {
  return path as SafeText;
}
