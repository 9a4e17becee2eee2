import {
  type Cursor,
  codeAt,
  here,
  isBlankOrEnd,
  isBreak,
  skipToToken,
  take,
  yamlError,
} from './cursor.ts';
import { isWordCharacter, scanUri } from './scan-properties.ts';

const TAB = 9;
const SPACE = 32;
const BANG = 33;
const HASH = 35;
const PERCENT = 37;

/**
 * The `%YAML` and `%TAG` lines before a document; the cursor ends on its `---`. Returns whether there
 * were any. As in sops, `%YAML 1.1` is the only version.
 */
export function scanDirectives(c: Cursor): boolean {
  let versions = 0;
  c.handles.clear();
  skipToToken(c);
  while (here(c) === PERCENT && c.pos === c.lineStart) {
    const name = scanWord(c, c.pos + 1);
    take(c, name.length + 1);
    skipBlanks(c);
    if (name === 'YAML') {
      if (++versions > 1) throw yamlError(c, 'a document has two %YAML lines');
      scanVersion(c);
    } else if (name === 'TAG') scanHandle(c);
    else throw yamlError(c, 'this directive is unknown; there are %YAML and %TAG');
    if (!isBlankOrEnd(c, c.pos)) throw yamlError(c, 'a directive ends in something else');
    skipBlanks(c);
    if (here(c) !== HASH && here(c) !== -1 && !isBreak(here(c))) {
      throw yamlError(c, 'a directive ends in something else');
    }
    skipToToken(c);
  }
  return versions > 0 || c.handles.size > 0;
}

function skipBlanks(c: Cursor): void {
  while (here(c) === SPACE || here(c) === TAB) c.pos++;
}

function scanWord(c: Cursor, from: number): string {
  let to = from;
  while (isWordCharacter(codeAt(c, to))) to++;
  return c.text.slice(from, to);
}

function scanVersion(c: Cursor): void {
  if (!c.text.startsWith('1.1', c.pos)) {
    throw yamlError(c, 'the document declares another YAML version than 1.1');
  }
  c.pos += 3;
}

function scanHandle(c: Cursor): void {
  const start = c.pos;
  const word = here(c) === BANG ? scanWord(c, start + 1) : null;
  if (word === null) throw yamlError(c, 'a tag handle does not begin with !');
  c.pos += word.length + 1;
  if (here(c) === BANG) c.pos++;
  else if (word !== '') throw yamlError(c, 'a tag handle does not end in !');
  const handle = c.text.slice(start, c.pos);
  if (c.handles.has(handle)) throw yamlError(c, 'a tag handle is defined twice', start);
  if (here(c) !== SPACE && here(c) !== TAB) throw yamlError(c, 'a tag handle lacks its prefix');
  skipBlanks(c);
  c.handles.set(handle, scanUri(c, start));
}
