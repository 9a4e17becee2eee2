import { type Cursor, codeAt, here, isBlankOrEnd, skipToToken, take, yamlError } from './cursor.ts';
import type { Properties } from './nodes.ts';

const BANG = 33;
const PERCENT = 37;
const AMPERSAND = 38;
const COMMA = 44;
const LESS = 60;
const GREATER = 62;
const CORE_PREFIX = 'tag:yaml.org,2002:';

/** A tag or an anchor begins at the cursor. */
export function atProperty(c: Cursor): boolean {
  const code = here(c);
  return code === AMPERSAND || code === BANG;
}

/**
 * The tag and the anchor at the cursor, as far as they stand on one line (in flow collections: on
 * any line). The cursor ends on the token after them.
 */
export function scanProperties(c: Cursor): Properties {
  const start = c.pos;
  let end = start;
  let anchor: string | undefined;
  let tag: string | undefined;
  do {
    if (here(c) === AMPERSAND) {
      if (anchor !== undefined) throw yamlError(c, 'a node has two anchors');
      anchor = scanName(c);
      c.anchors.set(anchor, null);
    } else {
      if (tag !== undefined) throw yamlError(c, 'a node has two tags');
      tag = scanTag(c);
    }
    end = c.pos;
    skipToToken(c);
  } while (atProperty(c) && (c.flow > 0 || !c.fresh));
  return { start, end, anchor, tag };
}

/** Properties of an earlier line and of this one belong to the same node. */
export function joinProperties(
  c: Cursor,
  outer: Properties | null,
  inner: Properties | null,
): Properties | null {
  if (outer === null || inner === null) return outer ?? inner;
  if (outer.anchor !== undefined && inner.anchor !== undefined) {
    throw yamlError(c, 'a node has two anchors', inner.start);
  }
  if (outer.tag !== undefined && inner.tag !== undefined) {
    throw yamlError(c, 'a node has two tags', inner.start);
  }
  return {
    start: outer.start,
    end: inner.end,
    anchor: outer.anchor ?? inner.anchor,
    tag: outer.tag ?? inner.tag,
  };
}

/** The name after `&` or `*`. */
export function scanName(c: Cursor): string {
  const from = c.pos + 1;
  let to = from;
  while (isWordCharacter(codeAt(c, to))) to++;
  if (to === from || !(isBlankOrEnd(c, to) || endsName(codeAt(c, to)))) {
    throw yamlError(
      c,
      'an anchor or alias has a name with other characters than a-z, A-Z, 0-9, - and _',
      to,
    );
  }
  take(c, to - c.pos);
  return c.text.slice(from, to);
}

/** `?` `:` `,` `]` `}` `%` `@` and the backquote. */
function endsName(code: number): boolean {
  return (
    code === 63 ||
    code === 58 ||
    code === COMMA ||
    code === 93 ||
    code === 125 ||
    code === PERCENT ||
    code === 64 ||
    code === 96
  );
}

export function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}

/** The tag at the cursor in short form: `!!str` for the core ones, `!local`, else the whole URI. */
function scanTag(c: Cursor): string {
  const start = c.pos;
  if (codeAt(c, start + 1) === LESS) {
    c.pos += 2;
    const uri = scanUri(c, start);
    if (here(c) !== GREATER) throw yamlError(c, 'a tag lacks its closing >');
    c.pos++;
    return endTag(c, start, uri);
  }
  let to = start + 1;
  while (isWordCharacter(codeAt(c, to))) to++;
  if (codeAt(c, to) === BANG) {
    const handle = c.text.slice(start, to + 1);
    const prefix = c.handles.get(handle) ?? (handle === '!!' ? CORE_PREFIX : undefined);
    c.pos = to + 1;
    const suffix = scanUri(c, start);
    if (prefix === undefined)
      throw yamlError(c, 'a tag uses a handle that no %TAG line defines', start);
    return endTag(c, start, prefix + suffix);
  }
  c.pos++;
  const suffix = isUriCharacter(here(c)) ? scanUri(c, start) : '';
  return endTag(c, start, suffix === '' ? '!' : (c.handles.get('!') ?? '!') + suffix);
}

function endTag(c: Cursor, start: number, uri: string): string {
  if (!isBlankOrEnd(c, c.pos) && !(c.flow > 0 && here(c) === COMMA)) {
    throw yamlError(c, 'a tag is not followed by a space', start);
  }
  c.keyAllowed = false;
  c.fresh = false;
  return uri.startsWith(CORE_PREFIX) ? `!!${uri.slice(CORE_PREFIX.length)}` : uri;
}

/** Characters of a tag or of a %TAG prefix, with their escapes taken out. */
export function scanUri(c: Cursor, start: number): string {
  const from = c.pos;
  let escaped = false;
  while (isUriCharacter(here(c))) {
    escaped ||= here(c) === PERCENT;
    c.pos++;
  }
  if (c.pos === from) throw yamlError(c, 'a tag has no name', start);
  const raw = c.text.slice(from, c.pos);
  if (!escaped) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    throw yamlError(
      c,
      'a tag has a % that is not followed by two hexadecimal digits of UTF-8',
      start,
    );
  }
}

const URI_PUNCTUATION: ReadonlySet<number> = new Set(
  [...";/?:@&=+$,.!~*'()[]%"].map((character) => character.charCodeAt(0)),
);

function isUriCharacter(code: number): boolean {
  return isWordCharacter(code) || URI_PUNCTUATION.has(code);
}
