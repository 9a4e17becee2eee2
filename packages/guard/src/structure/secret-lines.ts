import { classifyName } from '../key-names.ts';
import { keyName, mask, say } from '../mask.ts';
import { formOf } from '../placeholder.ts';
import { decodedText, ENCRYPT_HINT, isPublicMaterial } from '../secret-leaf.ts';
import { templateLiteral } from '../template-literal.ts';
import type { Problem, TextSpan } from '../types.ts';
import { isConfiguration, isSecretLike } from '../value-test.ts';

const KIND = /^(?:- |[\s>])*["']?kind["']?:\s{0,8}["']?Secret["']?\s*(?:#.*)?$/;
const FIELD = /^([ \t>-]*)["']?(data|stringData)["']?:\s*(?:#.*)?$/;
const ENTRY = /^([ \t>]*)["']?([A-Za-z0-9_.-]{1,253})["']?:[ \t]+(\S.*)$/;

/**
 * A Secret in text that does not parse, most often a template: the lines below its `data:` or
 * `stringData:`, by their indentation.
 */
export function* findSecretLines(text: string, { start, end }: TextSpan): Iterable<Problem> {
  const lines = linesOf(text, start, end);
  if (!lines.some(({ line }) => KIND.test(line))) return;
  let field: { name: string; indent: number } | null = null;
  for (const { line, at } of lines) {
    const opened = FIELD.exec(line);
    if (opened !== null) {
      field = { name: opened[2] ?? '', indent: (opened[1] ?? '').length };
      continue;
    }
    if (field === null || line.trim() === '') continue;
    if (indentOf(line) <= field.indent && !/^\s*\{\{/.test(line)) {
      field = null;
      continue;
    }
    const entry = ENTRY.exec(line);
    if (entry === null) continue;
    const [whole, , name = '', rest = ''] = entry;
    const literal = templateLiteral(rest, 0);
    const value =
      literal === null
        ? unquote(rest.replace(/\s+#.*$/, '').trim())
        : rest.slice(literal.start, literal.end);
    const shownIn = literal === null ? field.name : 'stringData';
    if (!isReadable(shownIn, value) || isHarmless(name, shownText(shownIn, value))) continue;
    const from = at + whole.length - rest.length + rest.indexOf(value);
    yield {
      span: { start: from, end: from + value.length },
      value,
      message: say`a value of a Kubernetes Secret in plain text under ${keyName(name)} (${mask(value)})`,
      hint: ENCRYPT_HINT,
    };
  }
}

/** Marks of a quotation in Markdown count as space. */
function indentOf(line: string): number {
  return /^[ \t>]*/.exec(line)?.[0].length ?? 0;
}

function linesOf(text: string, start: number, end: number): { line: string; at: number }[] {
  const lines: { line: string; at: number }[] = [];
  for (let at = start; at < end; ) {
    const next = text.indexOf('\n', at);
    const stop = next === -1 || next > end ? end : next;
    if (stop - at <= 20_000) lines.push({ line: text.slice(at, stop).replace(/\r$/, ''), at });
    at = stop + 1;
  }
  return lines;
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return quoted?.[2] ?? value;
}

/** As with values of a Secret that parses: a name of secrets, or a value that looks like one. */
function isHarmless(name: string, value: string): boolean {
  const nameClass = classifyName(name);
  if (nameClass === 'password') return false;
  if (isConfiguration(value)) return true;
  return nameClass === 'secret' ? value.length < 4 : nameClass !== 'other' || !isSecretLike(value);
}

/** Anything with a template in it is not judged: what it becomes is not here. */
function isReadable(field: string, value: string): boolean {
  if (value.includes('{{') || /^[|>&*]/.test(value)) return false;
  const decoded = shownText(field, value);
  return formOf(value) === 'plain' && formOf(decoded) === 'plain' && !isPublicMaterial(decoded);
}

/** What an application sees. */
function shownText(field: string, value: string): string {
  return field === 'data' ? (decodedText(value) ?? value) : value;
}
