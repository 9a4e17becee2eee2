import {
  type AccessChange,
  escapeControls,
  escapeMarkdown,
  escapeTerminal,
  plural,
  type Reader,
} from '@tidelock/guard';

export interface AccessReport {
  readonly readers: readonly Reader[];
  /** null: nothing was compared. */
  readonly changes: readonly AccessChange[] | null;
}

export function accessJson(report: AccessReport): string {
  const { readers, changes } = report;
  const text = JSON.stringify(changes === null ? { readers } : { readers, changes }, null, 2);
  const escaped = [...text].map((char) =>
    char === '\n' || escapeControls(char) === char ? char : asUnits(char),
  );
  return `${escaped.join('')}\n`;
}

function asUnits(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

export function accessText({ readers, changes }: AccessReport): string {
  if (changes !== null) {
    if (changes.length === 0) return 'Nobody gains or loses access.\n';
    return changes
      .map(({ gains, loses, ...who }) =>
        [
          whoText(who),
          ...gains.map((path) => `  + ${escapeTerminal(path)}`),
          ...loses.map((path) => `  - ${escapeTerminal(path)}`),
        ].join('\n'),
      )
      .join('\n')
      .concat('\n');
  }
  if (readers.length === 0) return 'No encrypted files.\n';
  return readers
    .map(({ files, ...who }) => [whoText(who), ...files.map(fileText)].join('\n'))
    .join('\n')
    .concat('\n');
}

type Who = Pick<Reader, 'name' | 'owner' | 'type' | 'id'>;

function whoText({ name, owner, type, id }: Who): string {
  const key = name === id ? '' : ` ${id}`;
  return escapeTerminal(`${name}${owner === null ? '' : ` (${owner})`}  ${type}${key}`);
}

function fileText({ path, groupsNeeded }: Reader['files'][number]): string {
  const more = groupsNeeded > 1 ? `  (with ${plural(groupsNeeded - 1, 'other key group')})` : '';
  return `    ${escapeTerminal(path)}${more}`;
}

/** A table for a summary or a comment; names of files are data, never markup. */
export function accessMarkdown({ readers, changes }: AccessReport): string {
  const cell = (text: string) => escapeMarkdown(text);
  const list = (paths: readonly string[]) => paths.map(cell).join('<br>');
  const who = (one: Who) => `${cell(one.name)} | ${cell(one.owner ?? '')} | ${one.type}`;
  if (changes !== null) {
    if (changes.length === 0) return 'Nobody gains or loses access.\n';
    const rows = changes.map(
      (one) => `| ${who(one)} | ${list(one.gains)} | ${list(one.loses)} |\n`,
    );
    return `| who | owner | kind | gains | loses |\n|---|---|---|---|---|\n${rows.join('')}`;
  }
  const rows = readers.map(
    (one) => `| ${who(one)} | ${list(one.files.map(({ path }) => path))} |\n`,
  );
  return `| who | owner | kind | can read |\n|---|---|---|---|\n${rows.join('')}`;
}
