import { plural } from '@tidelock/guard';
import type { PlannedFile, PlannedGroup } from '../plan/plan.ts';
import { type LeftOut, type RequestState, stateMarker } from './request-state.ts';
import { bounded, cell, filesTable, pathCell, reasonsList, valuesPart } from './request-tables.ts';

/** Characters that a forge takes as a request's text. */
const LONGEST_BODY = 65_536;
/** Characters for each of the long parts; together with the rest they stay below the longest. */
const ROOM = { reasons: 6_000, files: 28_000, values: 14_000, leftOut: 8_000 } as const;
const LONGEST_TITLE = 200;
const LONGEST_REASON = 400;

export interface RequestText {
  readonly group: PlannedGroup;
  readonly leftOut: readonly LeftOut[];
  /** Files of the group that another request will be for. */
  readonly deferred: number;
  /** Nothing checks the request: it was opened with the token of a job. */
  readonly isUnchecked: boolean;
}

export function requestTitle({ title }: PlannedGroup): string {
  return [...`Rotate secrets: ${plainText(title)}`].slice(0, LONGEST_TITLE).join('');
}

/** As escaped for a body, but readable: a title is no markup, and links nobody. */
const plainText = (text: string) =>
  text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').replaceAll('@', '(at)');

export function requestBody(text: RequestText, state: RequestState): string {
  const { group, leftOut, deferred, isUnchecked } = text;
  const isLeftOut = new Set(leftOut.map(({ path }) => path));
  const written = group.files.filter(({ path }) => !isLeftOut.has(path));
  const parts = [
    ...reasonsList(written, ROOM.reasons),
    '',
    `${plural(written.length, 'file')} rewritten, for those who should read ${written.length === 1 ? 'it' : 'them'} and nobody else. No value was changed. Each file was proved: it opens, its MAC is right, every value is what it was.`,
    '',
    ...filesTable(written, ROOM.files),
    '',
    ...valuesPart(written, ROOM.values),
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

function leftOutPart(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const lineOf = ({ path, reason }: LeftOut) =>
    `- ${pathCell(path)}: ${cell(reason, LONGEST_REASON)}`;
  return [
    '### Left out',
    'These stay as they are until somebody sees to them:',
    '',
    ...bounded(leftOut, lineOf, { room: ROOM.leftOut, noun: 'file' }),
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
