import { cipherSpans } from '../cipher-spans.ts';
import { mask, say } from '../mask.ts';
import { isPlain } from '../placeholder.ts';
import { touches, within } from '../spans.ts';
import type { FileRule } from '../types.ts';
import { isSecretLike } from '../value-test.ts';
import { tokensOf } from './token.ts';

const HEADER =
  /\b(?:proxy-)?authorization["']?\s{0,4}(?:,?\s{0,60}["']?value["']?\s{0,4}:|[:=,])?\s{0,4}["'`]?(Basic|Bearer|Token|ApiKey|SSWS)\s{1,4}([A-Za-z0-9+/=_.~-]{8,4000})/gi;

/** Programs whose short flags hold a password; the last group is it. */
const COMMANDS: readonly { readonly needs: string; readonly pattern: RegExp }[] = [
  {
    needs: 'curl',
    pattern:
      /\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user)[\s=]{1,4}["']?([^\s:"'$<{]{1,100}):([^\s"'$<{][^\s"']{2,200})/g,
  },
  {
    needs: ' login ',
    pattern:
      /\b(?:docker|podman|nerdctl|buildah|skopeo|oras|registry|acr|cr)[ \t]{1,4}login\b[^\n|;]{0,300}?[ \t](-p)[ \t=]{1,4}["']?([^\s"'$<{`-][^\s"'`]{2,300})/g,
  },
  {
    needs: 'mysql',
    pattern:
      /\b(?:mysql(?:dump|admin|import)?)\b[^\n|;]{0,200}?[ \t](-p)["']?([^\s"'$<{`=-][^\s"'`]{2,200})/g,
  },
  {
    needs: '--password-stdin',
    pattern:
      /\b(echo|printf)[ \t]{1,4}(?:-n[ \t]{1,4})?["']?([^\s"'$`<{]{6,400})["']?[ \t]{0,4}\|(?=[^\n]{0,200}--password-stdin)/g,
  },
  {
    needs: 'ConvertTo-SecureString',
    pattern:
      /(ConvertTo-SecureString)[ \t]{1,4}(?:-AsPlainText[ \t]{1,4}|-Force[ \t]{1,4}|-String[ \t]{1,4}){0,3}["']([^"'$\n]{3,200})["']/g,
  },
  {
    needs: 'redis-cli',
    pattern: /\bredis-cli\b[^\n|;]{0,200}?[ \t](-a)[ \t]{1,4}["']?([^\s"'$<{`-][^\s"'`]{2,200})/g,
  },
];

/** Credentials in a request or command: `Authorization: Basic …`, `curl -u user:password`. */
export const authHeader: FileRule = {
  id: 'plaintext/auth-header',
  severity: 'error',
  title: 'Credentials in a request or a command',
  docs: {
    why: 'They are all that a server asks for: whoever reads them can send them again.',
    fix: 'Revoke the credentials, and take their successors from a variable or an encrypted file.',
  },
  *check(source, context) {
    const text = source.text;
    if (text === null) return;
    const skip = cipherSpans(source);
    for (const { start, value } of candidates(text)) {
      const end = start + value.length;
      // A token that is known is judged as what it is.
      const known = () => within(tokensOf(source, context), { start, end });
      if (touches(skip, { start, end }) || known()) continue;
      yield {
        span: { start, end },
        value,
        message: say`credentials in a request or a command (${mask(value)})`,
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
  for (const { needs, pattern } of COMMANDS) {
    if (!text.includes(needs)) continue;
    for (const match of text.matchAll(pattern)) {
      const [whole, user = '', value = ''] = match;
      if (isPlain(value) && !/^pass/i.test(value) && value !== user) {
        yield { start: match.index + whole.lastIndexOf(value), value };
      }
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
