import { cipherSpans } from '../cipher-spans.ts';
import { mask, say } from '../mask.ts';
import { isPlain } from '../placeholder.ts';
import { touches } from '../spans.ts';
import type { FileRule } from '../types.ts';
import { isSecretLike } from '../value-test.ts';

const HEADER =
  /\b(?:proxy-)?authorization["']?\s{0,4}[:=,]?\s{0,4}["'`]?(Basic|Bearer|Token|ApiKey|SSWS)\s{1,4}([A-Za-z0-9+/=_.~-]{8,4000})/gi;
const CURL_USER =
  /\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user)[\s=]{1,4}["']?([^\s:"'$<{]{1,100}):([^\s"'$<{][^\s"']{2,200})/g;

/** Credentials in the header of a request: `Authorization: Basic …`, `curl -u user:password`. */
export const authHeader: FileRule = {
  id: 'plaintext/auth-header',
  severity: 'error',
  title: 'Credentials in the header of a request',
  docs: {
    why: 'The header is all that a server asks for: whoever reads it can send it again.',
    fix: 'Revoke the credentials, and take their successors from a variable or an encrypted file.',
  },
  *check(source) {
    const text = source.text;
    if (text === null) return;
    const skip = cipherSpans(source);
    for (const { start, value } of candidates(text)) {
      const end = start + value.length;
      if (touches(skip, { start, end })) continue;
      yield {
        span: { start, end },
        value,
        message: say`credentials in an authorization header (${mask(value)})`,
        hint: say`Revoke them, then take their successors from a variable or from an encrypted file.`,
      };
    }
  },
};

function* candidates(text: string): Iterable<{ start: number; value: string }> {
  if (/authorization/i.test(text)) {
    for (const match of text.matchAll(HEADER)) {
      const [whole, scheme = '', value = ''] = match;
      const credible = scheme.toLowerCase() === 'basic' ? isBasic(value) : isBearer(value);
      if (credible) yield { start: match.index + whole.length - value.length, value };
    }
  }
  if (!text.includes('curl')) return;
  for (const match of text.matchAll(CURL_USER)) {
    const [whole, user = '', value = ''] = match;
    if (isPlain(value) && !/^pass/i.test(value) && value !== user) {
      yield { start: match.index + whole.length - value.length, value };
    }
  }
}

/** Base64 of `user:password`, of which the password is no placeholder. */
function isBasic(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon === -1 || /[^\x20-\x7e]/.test(decoded)) return false;
  const [user, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return isPlain(password === '' ? user : password);
}

function isBearer(value: string): boolean {
  const token = value.replace(/[.]+$/, '');
  return token.length >= 20 && isPlain(token) && isSecretLike(token) && /[0-9]/.test(token);
}
