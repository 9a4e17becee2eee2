import { looksRandom } from './entropy.ts';
import type { NameClass } from './key-names.ts';
import { formOf, isPasswordHash } from './placeholder.ts';

/**
 * How sure a named value is a secret: `sure` and `weak` (a guessable password is one too), `hash`
 * of a password, `identifier`, or null.
 */
export type Suspicion = 'sure' | 'weak' | 'hash' | 'identifier' | null;

/**
 * Judges a value by the class of its name. Under the name of a password whatever is not a placeholder
 * counts, however short; under other names of secrets it must also look random.
 */
export function suspectClass(nameClass: NameClass, value: string): Suspicion {
  if (nameClass === 'other') return null;
  if (nameClass === 'secret' && isName(value) && !isPasswordHash(value)) return null;
  const form = formOf(value);
  if (form === 'password-hash') return 'hash';
  if (form !== 'plain') return null;
  switch (nameClass) {
    case 'password':
      return isConfiguration(value) ? null : value.length >= 8 ? 'sure' : 'weak';
    case 'secret':
      return isSecretLike(value) ? 'sure' : null;
    case 'identifier':
      return 'identifier';
    default:
      return null;
  }
}

/** What a value of configuration looks like, that is no secret under any name. */
export function isConfiguration(value: string): boolean {
  return CONFIGURATION.some((pattern) => pattern.test(value)) || isConnectionString(value);
}

/** `Server=…;Database=…`: a password in it is found as part of a connection string. */
function isConnectionString(value: string): boolean {
  if (!value.includes(';')) return false;
  const parts = value
    .slice(0, 2000)
    .split(';')
    .filter((part) => part.trim() !== '');
  return parts.length >= 2 && parts.every((part) => /^\s*[A-Za-z][\w .-]{1,40}=/.test(part));
}

const CONFIGURATION: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|null|~)$/i,
  /^[0-9]{1,3}$/,
  /^[0-9]+(?:\.[0-9]+)?(?:ns|us|ms|s|m|h|d|w|mo|y|Ki|Mi|Gi|Ti|k|M|G|T|B|KB|MB|GB|%)$/,
  /^[~^<>=v ]{0,4}[0-9]+(?:\.(?:[0-9]+|x|\*)){1,2}(?:[-+][A-Za-z0-9.-]+)?$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.+Z-]+)?$/,
  /^[a-z][a-z0-9+.-]{0,30}:\/\/[^\s@]*$/i,
  // An address that reports errors: its key is meant to be public.
  /^https?:\/\/[0-9a-f]{32}@[a-z0-9.-]+(?::\d+)?\/(?:[\w-]+\/)*\d+$/i,
  // What is in front of the @ is judged as part of an address.
  /^[a-z][a-z0-9+.-]{0,30}:\/\/[^\s@:/]*:[^\s]*@[^\s]*$/i,
  /^[A-Za-z0-9.-]+\.(?:svc|local|internal|com|net|org|io|dev)(?::[0-9]+)?$/,
  /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]+)?$/,
  /^(?:sha1|sha256|sha384|sha512|md5)[:-][A-Za-z0-9+/=]+$/i,
  /^SHA256:[A-Za-z0-9+/]{43}=?$/,
  /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-ssh-\S+) AAAA/,
  /^age1[a-z0-9]{20,}$/,
  /^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|EC PUBLIC KEY|PGP PUBLIC KEY BLOCK|X509 CRL|CERTIFICATE REQUEST|DH PARAMETERS)-----/,
  /^[\w./-]{1,200}\.(?:mdx?|html?|ya?ml|json|txt|pem|crt|cer|cert|key|pub|env|sh|py|jsx?|tsx?|png|svg|go|rs|tmpl|tpl|conf)$/,
  /^(?:\/[a-z][a-z0-9._-]*){2,}$/,
  // Rules for a value: `required|string|min:8`.
  /^[a-z_]+(?::[a-z0-9,]+)?(?:\|[a-z_]+(?::[a-z0-9,]+)?)+$/,
  /^[a-z0-9.-]+(?::[0-9]+)?\/[a-z0-9._/-]+(?::[A-Za-z0-9._-]+)?(?:@sha256:[0-9a-f]{64})?$/,
];

/**
 * Random enough to be a key: eight characters and more, not of the usual configuration, not words.
 */
export function isSecretLike(value: string): boolean {
  const text = value.trim();
  if (text.length < 8 || isConfiguration(text)) return false;
  if (/\p{L}/u.test(text.replace(ASCII, ''))) return false;
  if (/\s/.test(text) && !text.includes('\n')) return isPassphrase(text);
  if (/^[A-Za-z][a-z]+$/.test(text) || /^[A-Z_]+$/.test(text)) return false;
  if (isName(text)) return false;
  if (/^[A-Za-z_][A-Za-z_]*$/.test(text) && text.length < 20) return false;
  if (/^[A-Za-z]+$/.test(text) && isWords(text)) return false;
  if (/^[0-9]+$/.test(text)) return text.length >= 8;
  return text.length < 16 ? hasVariety(text) : looksRandom(text) || hasVariety(text);
}

/** Keys are made of these; letters beyond them are words of some language. */
const ASCII = /[\x00-\x7f]+/g;

/** Letters that change case no more often than words in camel case do. */
function isWords(letters: string): boolean {
  const changes = letters.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  return changes * 4 <= letters.length;
}

/** Several words where none would be expected are prose, not a key. */
function isPassphrase(text: string): boolean {
  return text.split(/\s+/).length >= 12 && /^[a-z ]+$/.test(text);
}

/** Two kinds of character out of four and, in short values, a digit or sign among letters. */
function hasVariety(text: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text));
  return kinds.length >= 2 && /[0-9]|[^A-Za-z0-9_.-]/.test(text) && new Set(text).size >= 5;
}

/** Words that are joined, as things are named: `app-settings`, `setting-1`. */
function isName(text: string): boolean {
  return /^[a-z]+(?:[-_./:][a-z0-9]+)*$/.test(text) && !hasRandomPart(text);
}

/** A part of a dashed name that no person would type: `auth-7f3k9q2x`. */
function hasRandomPart(text: string): boolean {
  return text
    .split(/[-_./:]/)
    .some(
      (part) =>
        part.length >= 8 && /[0-9]/.test(part) && /[a-z]/.test(part) && /\d\D+\d/.test(part),
    );
}
