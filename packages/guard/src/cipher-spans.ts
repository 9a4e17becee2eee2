import type { Source } from './source.ts';
import type { TextSpan } from './types.ts';

/**
 * Where ciphertext stands: sops tokens, armoured age and PGP messages, eyaml, ansible-vault. In
 * order and apart. Nothing in there is searched for tokens.
 */
export function cipherSpans(source: Source): readonly TextSpan[] {
  return source.derive(findCipherSpans);
}

interface Mark {
  readonly begin: string;
  readonly end: string;
  /** Characters beyond which the end is not looked for. */
  readonly longest: number;
}

const MARKS: readonly Mark[] = [
  { begin: 'ENC[', end: ']', longest: Number.POSITIVE_INFINITY },
  {
    begin: '-----BEGIN AGE ENCRYPTED FILE-----',
    end: '-----END AGE ENCRYPTED FILE-----',
    longest: 20_000,
  },
  { begin: '-----BEGIN PGP MESSAGE-----', end: '-----END PGP MESSAGE-----', longest: 200_000 },
];

function findCipherSpans(source: Source): readonly TextSpan[] {
  const text = source.text ?? '';
  const spans = MARKS.flatMap((mark) => spansOf(text, mark));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: TextSpan[] = [];
  let end = 0;
  for (const span of spans) {
    if (span.start < end) continue;
    apart.push(span);
    end = span.end;
  }
  return apart;
}

/** Each end is looked for once: spans of one mark do not nest. */
function spansOf(text: string, { begin, end, longest }: Mark): TextSpan[] {
  const spans: TextSpan[] = [];
  let from = text.indexOf(begin);
  while (from !== -1) {
    const to = text.indexOf(end, from + begin.length);
    if (to === -1) break;
    const isShort = to - from <= longest;
    if (isShort && isCiphertextSpan(text, from, to)) {
      spans.push({ start: from, end: to + end.length });
    }
    from = text.indexOf(begin, isShort ? to + end.length : from + begin.length);
  }
  return spans;
}

/** `ENC[` of a tool, and all of it on one line: `ENC[my password]` is no ciphertext. */
function isCiphertextSpan(text: string, start: number, end: number): boolean {
  if (!text.startsWith('ENC[', start)) return true;
  if (text.startsWith('AES256_GCM,data:', start + 4)) return !hasBreak(text, start, end);
  return text.startsWith('PKCS7,', start + 4) || text.startsWith('GPG,', start + 4);
}

function hasBreak(text: string, start: number, end: number): boolean {
  const at = text.indexOf('\n', start);
  return at !== -1 && at < end;
}
