import { resolvePlain } from './resolve-scalar.ts';

/** How a string may be written. SOPS-FORMAT 4.1, "String (and key) style". */
type StringStyle = 'plain' | 'single' | 'double' | 'literal';

/**
 * The style sops gives a string. Where its choice loses the value on the next reading (a text that
 * begins with a tab and has several lines, a line break of Unicode), double quotes instead.
 */
export function canonicalStyle(text: string): StringStyle {
  if (text === '' || hasSpecial(text)) return 'double';
  if (text.includes('\n')) return literalSafe(text) ? 'literal' : 'double';
  if (!readsAsString(text) || text.includes('\t')) return 'double';
  return /^[ ]|[ ]$/.test(text) || !canonicalPlain(text) ? 'single' : 'plain';
}

/**
 * Can the text stand as a plain scalar on one line and be read back as that string? Wider than what
 * sops chooses by itself (`yes`, `1:30`, a tab inside): for text that was plain in its source.
 * @param inFlow inside a flow collection, where brackets and commas end a scalar
 */
export function plainSafe(text: string, inFlow: boolean): boolean {
  return plainShape(text, inFlow) && !isTyped(text);
}

/** As `plainSafe`, for a scalar whose tag already says that it is a string. */
export function plainShape(text: string, inFlow: boolean): boolean {
  if (text === '' || UNREADABLE_RAW.test(text) || /[\n\r]/.test(text)) return false;
  if (/^[\t ]|[\t ]$/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?:[\t ]|$)/.test(text)) return false;
  if (/:(?:[\t ]|$)/.test(text) || /[\t ]#/.test(text)) return false;
  if (/^(?:---|\.\.\.)(?:[\t ]|$)/.test(text)) return false;
  return !inFlow || !(/[,?[\]{}]/.test(text) || text.startsWith(':'));
}

/** Single quotes hold everything on one line but what needs an escape. */
export function singleSafe(text: string): boolean {
  return !UNREADABLE_RAW.test(text) && !/[\n\r]/.test(text);
}

/** Can a literal block scalar hold the text and give it back? */
function literalSafe(text: string): boolean {
  if (hasSpecial(text)) return false;
  return !text.startsWith('\t') && !text.endsWith(' ') && !text.includes(' \n');
}

/** As `literalSafe` where the source was a literal: trailing spaces and astral characters stay. */
export function literalHolds(text: string): boolean {
  return !UNREADABLE_RAW.test(text) && !text.includes('\r') && !/^\n*[\t]/.test(text);
}

/** Would the text, written plain, be read as a string, under YAML 1.1 as well as under 1.2? */
function readsAsString(text: string): boolean {
  return !isTyped(text) && !YAML_1_1_WORD.test(text) && !BASE_60.test(text);
}

const YAML_1_1_WORD = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Not readable unescaped, or a line break beyond LF and CR. */
const UNREADABLE_RAW =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What sops takes for unprintable: also every character beyond U+FFFF. */
const SPECIAL = /[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

function hasSpecial(text: string): boolean {
  return SPECIAL.test(text);
}

function canonicalPlain(text: string): boolean {
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?: |$)/.test(text)) return false;
  if (text.startsWith('---') || text.startsWith('...')) return false;
  return !(text.includes(': ') || text.endsWith(':') || text.includes(' #'));
}

/**
 * Not a string when written plain. `<<` counts, since it means something as a key. Numbers out of
 * range count, since no reader takes them.
 */
function isTyped(text: string): boolean {
  if (text === '<<') return true;
  const scalar = resolvePlain(text);
  return typeof scalar === 'object' ? scalar.type !== 'str' : true;
}
