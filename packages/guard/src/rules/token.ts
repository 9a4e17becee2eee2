import { cipherSpans } from '../cipher-spans.ts';
import { mask, ownWords, say } from '../mask.ts';
import type { Source } from '../source.ts';
import { detectTokens, type TokenHit } from '../tokens/detect.ts';
import type { FileRule, Problem, RuleContext } from '../types.ts';

/** Tokens of known issuers, wherever they stand. */
export const token: FileRule = {
  id: 'plaintext/token',
  severity: 'error',
  title: 'An access token in plain text',
  docs: {
    why: 'Whoever can read the repository, its forks, its mirrors and its build logs can use the token.',
    fix: 'Revoke the token where it was issued, make a new one, and keep that one in an encrypted file.',
  },
  *check(source, context) {
    for (const hit of tokensOf(source, context)) yield toProblem(source, hit);
  },
};

/** The tokens of a source. Worked out once for each moment in time. */
export function tokensOf(source: Source, { now }: Pick<RuleContext, 'now'>): readonly TokenHit[] {
  const known = source.derive(tokenCache);
  const seconds = now === null ? null : Math.floor(now.getTime() / 1000);
  if (known.hits === null || known.now !== seconds) {
    const text = source.text;
    known.now = seconds;
    known.hits =
      text === null ? [] : detectTokens(text, { now: seconds, skip: cipherSpans(source) });
  }
  return known.hits;
}

interface TokenCache {
  now: number | null;
  hits: readonly TokenHit[] | null;
}

function tokenCache(): TokenCache {
  return { now: null, hits: null };
}

function toProblem(source: Source, hit: TokenHit): Problem {
  const value = (source.text ?? '').slice(hit.start, hit.end);
  const kind = ownWords(hit.kind);
  const from = hit.issuer === '' ? say`` : say` of ${ownWords(hit.issuer)}`;
  const doubt = hit.checksumFailed
    ? say`; its checksum does not fit, so it may be damaged or made up`
    : say``;
  return {
    span: { start: hit.start, end: hit.end },
    severity: hit.severity,
    kind: hit.kind,
    value,
    message: say`${hit.severity === 'note' ? say`an identifier or public token` : say`a token`}${from} in plain text: ${kind} (${mask(value)})${doubt}`,
    hint:
      hit.severity === 'note'
        ? say`Nothing to do as long as the secret that belongs to it is not here too.`
        : say`Revoke it where it was issued, then keep its successor in an encrypted file: tidelock encrypt -i FILE`,
  };
}
