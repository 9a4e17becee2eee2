import { parseSealedValue } from '@tidelock/core';
import { isDocumented } from './documented-values.ts';

/** What a value is, as far as its form alone tells. */
export type ValueForm =
  | 'empty'
  /** Stands for a value that somebody will put in. */
  | 'placeholder'
  /** Says where the value is to be had. */
  | 'reference'
  /** Made unreadable by some tool. */
  | 'ciphertext'
  /** A password's hash: it can be guessed against, not read. */
  | 'password-hash'
  | 'plain';

/**
 * The form of a value. Whatever is not surely harmless is `plain`. Anchored expressions without
 * nested repetition, on at most the first 4,096 characters: cost is bounded.
 */
export function formOf(value: string): ValueForm {
  const text = value.slice(0, LONGEST).trim();
  if (text === '') return 'empty';
  if (CIPHERTEXT.test(text) || isSealed(value)) return 'ciphertext';
  if (isPasswordHash(text)) return 'password-hash';
  if (isReference(text)) return 'reference';
  if (value.length <= LONGEST && isPlaceholder(text)) return 'placeholder';
  return 'plain';
}

export function isPlain(value: string): boolean {
  return formOf(value) === 'plain';
}

const LONGEST = 4096;

const CIPHERTEXT =
  /^(?:ENC\[AES256_GCM,|#?ENC\[PKCS7,|#?ENC\[GPG,|ENC\([A-Za-z0-9+/=]{8,}\)$|DEC\(|\{cipher\}|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----|age-encryption\.org\/v1|\$ANSIBLE_VAULT;|encrypted:[A-Za-z0-9+/=]{16,}$|U2FsdGVkX1|AQ[EI]CAH[A-Za-z0-9+/]{60,}={0,2}$|(?:hQ[EI]MA|hF4D|wV4D|wc[BF]MA)[A-Za-z0-9+/]{60,}={0,2}$|vault:v[0-9]+:[A-Za-z0-9+/=]+$|\{[A-Za-z0-9+/]{12,}={0,2}\}$|sops:)/;

const PASSWORD_HASH =
  /^(?:[A-Za-z0-9_.@-]{1,64}:)?(?:\$2[abxy]?\$[0-9]{2}\$|\$argon2(?:id|i|d)\$|\$[156]\$|\$y\$|\$7\$|\$apr1\$|\$pbkdf2|pbkdf2[_:]|\{SHA\}|\{SSHA|scrypt:|SCRAM-SHA-)/;

/** A value of a SealedSecret begins with a length of 256, 384 or 512 in two bytes. */
function isSealed(value: string): boolean {
  const text = value.trim();
  return /^A[QYg][A-D]/.test(text) && parseSealedValue(text) !== null;
}

/** Made by a function for passwords, as it begins. */
export function isPasswordHash(text: string): boolean {
  return PASSWORD_HASH.test(text);
}

const REFERENCES: readonly RegExp[] = [
  /^(?:op|vault|sm|ssm|awssm|awsssm|bws|doppler|keyvault|azurekv|gcpsm|gcpsecretmanager|secretsmanager|infisical|keeper|akeyless|conjur|secretref|kms|env|file|secret|secrets|k8s|kubernetes|chamber|pass|keyring|keychain|lastpass|dashlane|sops):\/\/?\S/i,
  /^ref\+[a-z0-9]+:\/\//i,
  /^secretref\+/i,
  /^<path:[^>]*>/,
  /^arn:aws[a-z-]*:(?:secretsmanager|ssm|kms):/,
  /^projects\/[^/\s]+\/(?:secrets|locations)\//,
  /^@Microsoft\.KeyVault\(/i,
  /^(?:vault|vault-kv|bank-vaults):[A-Za-z0-9_/.-]+#/,
  /^vault:[A-Za-z0-9_-]+\/[A-Za-z0-9_/.-]+$/,
  /^[a-z0-9_-]{1,60}\/data\/[A-Za-z0-9_/.-]+(?:#[A-Za-z0-9_.-]+)?$/,
  /^[a-z][a-z0-9_-]{0,60}(?:\/[a-z][a-z0-9_.-]{0,60}){1,10}#[A-Za-z_][A-Za-z0-9_.-]{0,60}$/,
  /^!(?:secret|vault|Ref|GetAtt|Sub|ImportValue|env|include|reference|ENV)\b/,
  /^(?:env|ENV|file|FILE):[A-Za-z0-9_./-]+$/,
  /^(?:var|local|data|module|random_password|random_string|random_id|aws_[a-z_]+|azurerm_[a-z_]+|google_[a-z_]+|kubernetes_[a-z_]+|vault_[a-z_]+|tls_private_key)\.[A-Za-z0-9_.[\]"'-]+$/,
  /^(?:process\.env|os\.environ|ENV\[|getenv\(|System\.getenv|secrets\.|steps\.|needs\.|inputs\.)/,
  /^\{\{resolve:/,
  /^(?:valueFrom|secretKeyRef|fromSecret|secretRef)\b/,
  /^(?:https?:\/\/)?[a-z0-9-]+\.vault\.azure\.net\//i,
  /^\/(?:run|var\/run|etc|mnt|vault|secrets|opt|home|root|tmp|data|config|app)\/[A-Za-z0-9_./-]*$/,
  /^(?:\.{1,2}|~)\/[A-Za-z0-9_./-]+$/,
];

function isReference(text: string): boolean {
  return REFERENCES.some((pattern) => pattern.test(text));
}

/** The whole value is one or several of these, with nothing but separators in between. */
const TEMPLATES =
  /\$\{\{.{0,400}?\}\}|\$\{[^{}\n]{1,400}\}|\$\([^()\n]{1,400}\)|\{\{.{0,1000}?\}\}|\{%.{0,400}?%\}|<%.{0,400}?%>|#\{[^{}\n]{1,200}\}#?|%\([A-Za-z0-9_]{1,80}\)s|%%?[A-Za-z_][A-Za-z0-9_]{1,80}%%?|@@?[A-Za-z_][A-Za-z0-9_.:-]{1,80}@@?|\[\[[^[\]\n]{1,200}\]\]|<<[^<>\n]{1,200}>>|<[A-Za-z_][^<>\n]{0,200}>|__[A-Za-z][A-Za-z0-9_]{1,80}__|\$[A-Za-z_][A-Za-z0-9_-]{0,80}(?:[.:][A-Za-z_][A-Za-z_-]{1,80}){1,4}(?![A-Za-z0-9_$!@#])|\$[A-Za-z_][A-Za-z0-9_]{0,80}(?![A-Za-z0-9_$!@#])|\$[0-9@*](?![A-Za-z0-9])/gs;

function isTemplated(text: string): boolean {
  if (!/[$<{%@[_#]/.test(text)) return false;
  // A quote within the template has ended the value.
  if (text.includes('{{') && !text.includes('}}')) return true;
  const left = text.replace(TEMPLATES, '');
  if (left.length === text.length) return false;
  // `prefix-${VAR}` still says nothing; a long rest beside a variable does.
  return left.trim().length === 0 || !/[A-Za-z0-9]{8}|[^\s\w.,:;/@-]{3}/.test(left);
}

const WORDS = new RegExp(
  `^(?:${[
    'change-?_?me[-_!.0-9a-z]*',
    'please-?_?change.*',
    'replace.*',
    '.*(?:change|replace)[-_ ]?(?:me|this|it).*',
    'todo.*',
    'fix-?_?me.*',
    'tbd',
    'tba',
    'example.*',
    '.*[-_ ]example',
    'sample.*',
    'dummy.*',
    'fake.*',
    'mock.*',
    '.*placeholder.*',
    '.*redacted.*',
    '.*(?:goes|go)[-_ ]here.*',
    'to[-_ ]be[-_ ].*',
    'minioadmin',
    'vagrant',
    'changeit',
    'filtered',
    'scrubbed',
    'saniti[sz]ed',
    'omitted',
    'obfuscated',
    'removed',
    'masked',
    'hidden',
    'censored',
    '(?:your|enter|put|fill|provide|paste)[-_ ].{0,200}',
    '(?:your|my|some|the|an?|set|use|add)[-_ ]?(?:secret|password|passwd|token|key|api|user|db|super|very|strong|real|own|value)[-_ a-z]{0,80}',
    '(?:your|my|some)[-_](?:[a-z]{1,20}[-_]){0,3}(?:secret|password|passwd|passphrase|pass|pw|token|key)',
    'insert.*',
    'not[-_ ]?(?:a[-_ ])?(?:real|used|set|needed|applicable|secret|secure|safe)(?:[-_ ].*)?',
    'unused',
    'ignored?',
    'unset',
    'null',
    'none',
    'nil',
    'n\\/?a',
    'undefined',
    'default',
    'true',
    'false',
    'yes',
    'no',
    'on',
    'off',
    'enabled',
    'disabled',
    'secret',
    'password',
    'passwd',
    'pass',
    'token',
    'key',
    'api-?_?key',
    'test',
    'testing',
    'foo',
    'bar',
    'baz',
    'foobar',
    'string',
    'value',
    'user',
    'username',
    'x{3,}',
    '(?:x{2,}[-_. ]?){2,}',
    '\\*{2,}',
    '\\.{2,}',
    '…',
    '•{2,}',
    '-+',
    '_+',
    '[?*!|&<>=.-]+',
    '.*\\.{3,}',
    '.*…',
    '0{6,}',
  ].join('|')})$`,
  'i',
);

function isPlaceholder(text: string): boolean {
  const bare = text.replace(/^["'`]|["'`]$/g, '');
  if (bare.length <= 200 && WORDS.test(bare)) return true;
  if (isLabel(bare) || CONSTANT.test(bare)) return true;
  if (/^\[[A-Za-z][A-Za-z _-]{1,60}\]$/.test(bare)) return true;
  return isTemplated(bare) || isOneCharacter(bare) || (bare.length >= 16 && isDocumented(bare));
}

/** `DB_PASSWORD`, `PERSONAL_ACCESS_TOKEN`, `CLIENT_PASSWORD1`: the name of what would stand there. */
const CONSTANT =
  /^(?:[A-Z][A-Z0-9]{0,30}[-_]){0,6}(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY|CREDENTIALS?|USERNAME|VALUE)S?[0-9]?(?:[-_][A-Z0-9]{1,20}){0,3}$/;

/** The word for a password in the languages that texts of programs are translated to. */
const VOCABULARY =
  /passwor[dt]|passwd|passphrase|passcode|kennwort|passord|passw[öo]rd|wachtwoord|l[öo]senord|adgangskode|salasana|mot de passe|contrase[ñn]a|contrasenya|clave|senha|palavra-passe|parola|has[łl]o|heslo|geslo|lozinka|jelsz[óo]|[şs]ifre|slaptažodis|parole|parool|κωδικ|парол|гасло|סיסמ|كلمة|密码|密碼|口令|パスワード|비밀번호|암호|mật khẩu|kata sandi|รหัสผ่าน|token|secret|credential/iu;

/** Words about a password where one would stand: `Forgot your password?`, `Mot de passe`. */
function isLabel(text: string): boolean {
  // Spares nearly every value two long expressions.
  if (/[0-9_#$%&*+<=>@[\\\]^`{|}~]/.test(text)) return false;
  if (text.length > 300 || !/^[\p{L}\p{M}\p{Zs}.,:;!?'’“”"()/…-]+$/u.test(text)) return false;
  const found = VOCABULARY.exec(text);
  return (
    found !== null &&
    (/\p{Zs}/u.test(text) || found[0].length === text.length || /^\P{ASCII}+$/u.test(text))
  );
}

/** `aaaaaaaa`, `--------`; four of them and more. */
function isOneCharacter(text: string): boolean {
  return text.length >= 4 && text === (text[0] ?? '').repeat(text.length) && !/[0-9]/.test(text);
}
