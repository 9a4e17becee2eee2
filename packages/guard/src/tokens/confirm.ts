/** What a closer look at a token of the right shape says. */
export type Verdict = 'secret' | 'possible' | 'harmless' | 'not-a-token';

export interface Candidate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Seconds since 1970, null when unknown. */
  readonly now: number | null;
}

export type ConfirmName = keyof typeof CONFIRMATIONS;

const CONFIRMATIONS = {
  digitAndLetter: (candidate: Candidate) => digitAndLetter(body(candidate)),
  mixedWithDigit: (candidate: Candidate) => mixedWithDigit(body(candidate)),
  notAWord: (candidate: Candidate) => notAWord(body(candidate)),
  awsKeyId,
  azureSas,
  discordBot,
  jfrogReference,
  jwt,
  twitterBearer,
} as const;

export function confirm(name: ConfirmName, candidate: Candidate): Verdict {
  return CONFIRMATIONS[name](candidate);
}

function body({ text, start, end }: Candidate): string {
  return text.slice(start, end);
}

function digitAndLetter(token: string): Verdict {
  const tail = token.slice(4);
  return /[0-9]/.test(tail) && /[A-Za-z]/.test(tail) ? 'secret' : 'not-a-token';
}

/** A digit, or both cases: no snake_case name has these. */
function notAWord(token: string): Verdict {
  const tail = token.slice(token.lastIndexOf('_') + 1);
  const both = /[a-z]/.test(tail) && /[A-Z]/.test(tail);
  return both || /[0-9]/.test(tail) ? 'secret' : 'not-a-token';
}

/** Both cases and a digit: names of variables and words have not all three. */
function mixedWithDigit(token: string): Verdict {
  const tail = token.slice(4);
  return /[0-9]/.test(tail) && /[a-z]/.test(tail) && /[A-Z]/.test(tail) ? 'secret' : 'not-a-token';
}

/** A key id alone opens nothing, yet it is never meant to be public. */
function awsKeyId(candidate: Candidate): Verdict {
  return digitAndLetter(body(candidate)) === 'secret' ? 'possible' : 'not-a-token';
}

/** A signature is one only beside its version and expiry. */
function azureSas({ text, start, end }: Candidate): Verdict {
  const around = text.slice(Math.max(0, start - 300), end + 300);
  const fields = /[?&;]s[ve]=/.test(around) && /[?&;]se=/.test(around);
  return fields ? 'secret' : 'not-a-token';
}

function discordBot(candidate: Candidate): Verdict {
  const [id = ''] = body(candidate).split('.');
  return /^[0-9]{17,20}$/.test(Buffer.from(id, 'base64url').toString('latin1'))
    ? 'secret'
    : 'not-a-token';
}

function jfrogReference(candidate: Candidate): Verdict {
  const decoded = Buffer.from(body(candidate), 'base64').toString('latin1');
  return /^reftkn:\d\d:\d{10}:/.test(decoded) || mixedWithDigit(body(candidate)) === 'secret'
    ? 'secret'
    : 'not-a-token';
}

function twitterBearer(candidate: Candidate): Verdict {
  const token = body(candidate);
  return token.length >= 90 && /%[23][DBF]/i.test(token) ? 'secret' : 'not-a-token';
}

/**
 * A header with `alg` makes it a token. A second part that can be read tells more: who it is for,
 * and until when.
 */
function jwt({ text, start, end, now }: Candidate): Verdict {
  const parts = text.slice(start, end).split('.');
  if (!ALG.test(parts[0] ?? '')) return 'not-a-token';
  const header = readJson(parts[0]);
  if (header === null || typeof header.alg !== 'string') return 'not-a-token';
  if ('enc' in header || text[end] === '.') return 'harmless';
  const claims = readJson(parts[1]);
  if (claims === null) return 'secret';
  if (claims.iss === 'supabase-demo' || claims.role === 'anon') return 'harmless';
  const expiry = claims.exp;
  if (now !== null && typeof expiry === 'number' && expiry < now) return 'harmless';
  return 'secret';
}

/** How `"alg"` looks in base64, at each of its three offsets. */
const ALG = /JhbGci|iYWxnI|ImFsZy/;

function readJson(part: string | undefined): Record<string, unknown> | null {
  if (part === undefined || part.length > 20_000) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
