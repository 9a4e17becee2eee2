import { escapeMarkdown, keyText, plural } from '@tidelock/guard';
import type { Access, PlannedFile, PlannedGroup } from '../plan/plan.ts';
import { masterKeyOf } from '../plan/planned-key.ts';
import { type LeftOut, type RequestState, stateMarker } from './request-state.ts';

/** Characters that a forge takes as a request's text. */
const LONGEST_BODY = 65_536;
/** Characters for each of the long parts; together with the rest they stay below the longest. */
const ROOM = { files: 32_000, values: 16_000, leftOut: 8_000 } as const;
const LONGEST_CELL = 600;
const LONGEST_TITLE = 200;

export interface RequestText {
  readonly group: PlannedGroup;
  readonly leftOut: readonly LeftOut[];
  /** Files of the group that another request will be for. */
  readonly deferred: number;
  /** Nothing checks the request: it was opened with the token of a job. */
  readonly isUnchecked: boolean;
}

export function requestTitle({ title }: PlannedGroup): string {
  return `Rotate secrets: ${plainText(title)}`.slice(0, LONGEST_TITLE);
}

/** As escaped for a body, but readable: a title is no markup, and links nobody. */
const plainText = (text: string) =>
  text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').replaceAll('@', '(at)');

export function requestBody(text: RequestText, state: RequestState): string {
  const { group, leftOut, deferred, isUnchecked } = text;
  const written = group.files.filter(({ path }) => !leftOut.some((one) => one.path === path));
  const parts = [
    `${plural(written.length, 'file')} rewritten, for those who should read ${written.length === 1 ? 'it' : 'them'} and nobody else. No value was changed. Each file was proved: it opens, its MAC is right, every value is what it was.`,
    '',
    '| file | why | before | after |',
    '|---|---|---|---|',
    ...bounded(written.map(fileRow), ROOM.files, 'file'),
    '',
    ...valuesPart(written),
    ...leftOutPart(leftOut),
    ...(deferred === 0 ? [] : [`${plural(deferred, 'file')} more of this group will follow.`, '']),
    ...(isUnchecked ? [UNCHECKED, ''] : []),
    ...checklist(written),
    '',
    `<sub>Plan ${group.digest.slice(0, 12)}. To refuse, close it: it is not opened again before the plan changes. To change it, push to the branch: it is then left alone.</sub>`,
    '',
    stateMarker(state),
  ];
  const body = parts.join('\n');
  if (body.length > LONGEST_BODY) throw new RangeError('the text of a request is too long');
  return body;
}

const UNCHECKED =
  '**No check has run on this request**: it was opened with the token of a job. Close and open it again to start the checks, or give the bot the token of a GitHub App.';

function fileRow({ path, reasons, before, after }: PlannedFile): string {
  const why = reasons.map(({ text }) => cell(text)).join('<br>');
  return `| ${cell(path)} | ${why.slice(0, 4 * LONGEST_CELL)} | ${accessCell(before)} | ${accessCell(after)} |`;
}

/** Cut before it is escaped, so that no entity is cut in two. */
function cell(text: string): string {
  const short = text.length <= LONGEST_CELL / 4 ? text : `${text.slice(0, LONGEST_CELL / 4)}…`;
  return escapeMarkdown(short);
}

const MOST_NAMES = 6;

function accessCell({ keyGroups, threshold }: Access): string {
  const groups = keyGroups.map((keys) => {
    const names = keys.map((key) => key.name ?? keyText(masterKeyOf(key)));
    const more = names.length - MOST_NAMES;
    return [...names.slice(0, MOST_NAMES).map(cell), ...(more > 0 ? [`${more} more`] : [])].join(
      ', ',
    );
  });
  if (groups.length <= 1) return groups[0] ?? 'nobody';
  return `${threshold} of ${groups.length} groups: ${groups.map((names) => `(${names})`).join(' ')}`;
}

function valuesPart(files: readonly PlannedFile[]): readonly string[] {
  const exposed = files.filter(({ valuesToChange }) => valuesToChange.length > 0);
  if (exposed.length === 0) return [];
  const lines = exposed.map(
    ({ path, valuesToChange }) =>
      `- ${cell(path)}: ${valuesToChange.slice(0, MOST_VALUES).map(cell).join(', ')}${moreValues(valuesToChange.length)}`,
  );
  return [
    '### Values to change at their source',
    'Somebody could read these who should not. What was read stays read: a new data key protects what will be written, not these.',
    '',
    ...bounded(lines, ROOM.values, 'file'),
    '',
  ];
}

const MOST_VALUES = 40;
const moreValues = (count: number) =>
  count > MOST_VALUES ? ` and ${count - MOST_VALUES} more` : '';

function leftOutPart(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(({ path, reason }) => `- ${cell(path)}: ${cell(reason)}`);
  return [
    '### Left out',
    'These stay as they are until somebody sees to them:',
    '',
    ...bounded(lines, ROOM.leftOut, 'file'),
    '',
  ];
}

function checklist(files: readonly PlannedFile[]): readonly string[] {
  const isExposed = files.some(({ valuesToChange }) => valuesToChange.length > 0);
  return [
    '### Before merging',
    '- [ ] The reasons above are right',
    '- [ ] Those who should read the files are under "after"',
    ...(isExposed ? ['- [ ] The values above are changed at their source, or will be'] : []),
  ];
}

/** As many lines as there is room for, then how many are left. */
function bounded(lines: readonly string[], room: number, noun: string): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept : [...kept, '', `and ${plural(left, `more ${noun}`)}`];
}

const EDITED = '<!-- tidelock-rotate:edited -->';

/** @param tip the bot's last commit, or null */
export function editedComment(tip: string | null): string {
  const back =
    tip === null
      ? 'To hand it back, close this request and delete the branch.'
      : `To hand it back, take the other commits off the branch, so that it ends with ${tip}.`;
  return `Somebody else changed this branch, so tidelock-rotate leaves it alone from here on: it will not follow the policy and the files any more.\n\n${back}\n${EDITED}`;
}

export const isEditedComment = (body: string) => body.trimEnd().endsWith(EDITED);

export const DONE_NOTE = '**Closed by tidelock-rotate**: nothing of this is due any more.';
