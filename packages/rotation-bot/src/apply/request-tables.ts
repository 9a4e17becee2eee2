import { escapeMarkdown, keyText, plural } from '@tidelock/guard';
import type { Access, PlannedFile } from '../plan/plan.ts';
import { reasonCounts } from '../plan/plan.ts';
import { masterKeyOf } from '../plan/planned-key.ts';

const LONGEST_CELL = 150;
const LONGEST_REASONS = 2400;

/** Cut before it is escaped, so that no entity is cut in two; never half a character. */
export function cell(text: string, longest = LONGEST_CELL): string {
  const chars = [...text];
  const short = chars.length <= longest ? text : `${chars.slice(0, longest).join('')}…`;
  return escapeMarkdown(whole(short));
}

/** Of a long path the end is shown: it tells more. */
export function pathCell(path: string): string {
  const chars = [...path];
  const short = chars.length <= LONGEST_CELL ? path : `…${chars.slice(-LONGEST_CELL).join('')}`;
  return escapeMarkdown(whole(short));
}

/** A forge refuses text with half a character in it. */
const whole = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** As many lines as there is room for (in characters), then how many are left; no more are made. */
export function bounded<T>(
  items: readonly T[],
  lineOf: (item: T) => string,
  { room, noun }: { readonly room: number; readonly noun: string },
): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const item of items) {
    const line = lineOf(item);
    length += line.length + 1;
    if (length > room) break;
    kept.push(line);
  }
  const left = items.length - kept.length;
  return left === 0 ? kept : [...kept, '', `and ${plural(left, `more ${noun}`)}`];
}

/** Who leaves, who joins, and what else is due, each once. */
export function reasonsList(files: readonly PlannedFile[], room: number): readonly string[] {
  return bounded(
    reasonCounts(files),
    ({ text, count }) => `- ${cell(text, 2 * LONGEST_CELL)} (${plural(count, 'file')})`,
    { room, noun: 'reason' },
  );
}

/** The files with why, and who reads them before and after. */
export function filesTable(files: readonly PlannedFile[], room: number): readonly string[] {
  return [
    '| file | why | before | after |',
    '|---|---|---|---|',
    ...bounded(files, fileRow, { room, noun: 'file' }),
  ];
}

function fileRow({ path, reasons, before, after }: PlannedFile): string {
  const why: string[] = [];
  for (const { text } of reasons) {
    why.push(cell(text));
    if (why.join('<br>').length > LONGEST_REASONS) break;
  }
  const left = reasons.length - why.length;
  const more = left === 0 ? [] : [`and ${left} more`];
  return `| ${pathCell(path)} | ${[...why, ...more].join('<br>')} | ${accessCell(before)} | ${accessCell(after)} |`;
}

const MOST_NAMES = 6;

function accessCell({ keyGroups, threshold }: Access): string {
  const groups = keyGroups.map((keys) => {
    const names = keys.map((key) => key.name ?? keyText(masterKeyOf(key)));
    const more = names.length - MOST_NAMES;
    const shown = names.slice(0, MOST_NAMES).map((name) => cell(name));
    return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  });
  if (groups.length <= 1) return groups[0] ?? 'nobody';
  return `${threshold} of ${groups.length} groups: ${groups.map((names) => `(${names})`).join(' ')}`;
}

const MOST_VALUES = 40;

/** Values that are spent; nothing when there are none. */
export function valuesPart(files: readonly PlannedFile[], room: number): readonly string[] {
  const exposed = files.filter(({ valuesToChange }) => valuesToChange.length > 0);
  if (exposed.length === 0) return [];
  return [
    '### Values to change at their source',
    'Somebody could read these who should not. What was read stays read: a new data key protects what will be written, not these.',
    '',
    ...bounded(exposed, valuesLine, { room, noun: 'file' }),
    '',
  ];
}

function valuesLine({ path, valuesToChange }: PlannedFile): string {
  const shown = valuesToChange.slice(0, MOST_VALUES).map((value) => cell(value));
  const left = valuesToChange.length - shown.length;
  return `- ${pathCell(path)}: ${shown.join(', ')}${left === 0 ? '' : ` and ${left} more`}`;
}
