import { mask, type SafeText, say } from '../mask.ts';
import { formOf } from '../placeholder.ts';
import { ENCRYPT_HINT } from '../secret-leaf.ts';
import { isSopsFile } from '../sops-file.ts';
import { isPlaceholderToken } from '../tokens/placeholder-token.ts';
import type { FileRule } from '../types.ts';

interface LineShape {
  readonly kind: string;
  readonly what: SafeText;
  /** Whether the file is of this kind, by content. */
  applies(text: string, path: string): boolean;
  /** Bounded; the group `secret` is the value. */
  readonly pattern: RegExp;
}

/** The same as credentials-document, in formats of lines. */
export const credentialsLines: FileRule = {
  id: 'plaintext/credentials-lines',
  severity: 'error',
  title: 'A login in a file of lines (netrc, pgpass, npmrc, …)',
  docs: {
    why: 'Programs read such a file to log in without asking, and so can anybody who copies it.',
    fix: 'Change the password or revoke the token; keep its successor out of the repository or encrypted.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || text.length > LARGEST || isSopsFile(source)) return;
    for (const { kind, what, applies, pattern } of SHAPES) {
      if (!applies(text, source.path)) continue;
      for (const match of text.matchAll(pattern)) {
        const value = match.groups?.secret ?? '';
        if (formOf(value) !== 'plain' || (value.length >= 16 && isPlaceholderToken(value)))
          continue;
        const start = match.index + match[0].lastIndexOf(value);
        yield {
          span: { start, end: start + value.length },
          value,
          kind,
          message: say`${what} in plain text (${mask(value)})`,
          hint: ENCRYPT_HINT,
        };
      }
    }
  },
};

const LARGEST = 4 * 1024 * 1024;

const SHAPES: readonly LineShape[] = [
  {
    kind: 'netrc',
    what: say`a password of a netrc file`,
    applies: (text) => /^\s{0,8}(?:machine\s|default\s)/m.test(text) && /\spassword\s/.test(text),
    pattern:
      /(?:^|[ \t])(?:machine[ \t]{1,4}\S{1,253}|default)\s{1,8}(?:login\s{1,4}\S{1,200}\s{1,8})?(?:account\s{1,4}\S{1,200}\s{1,8})?password\s{1,4}(?<secret>\S{1,500})/gm,
  },
  {
    kind: 'pgpass',
    what: say`a password of a pgpass file`,
    applies: (text, path) => /pgpass/i.test(path) || isPgpass(text),
    pattern:
      /^(?!#)(?:[^:\n\\]|\\.){1,253}:(?:\d{1,5}|\*):(?:[^:\n\\]|\\.){1,64}:(?:[^:\n\\]|\\.){1,64}:(?<secret>[^\n\r]{1,500})$/gm,
  },
  {
    kind: 'npmrc',
    what: say`a token of a package registry`,
    applies: (text) => /_auth(?:Token)?\s{0,4}=|_password\s{0,4}=/.test(text),
    pattern:
      /^[ \t]{0,8}(?:\/\/[^\s=]{1,300}:)?(?:_authToken|_auth|_password)[ \t]{0,4}=[ \t]{0,4}["']?(?<secret>[^\s"']{4,2000})/gm,
  },
  {
    kind: 'pypirc',
    what: say`a password of a package index`,
    applies: (text) => /^\[(?:distutils|pypi|testpypi|server-login)\]/m.test(text),
    pattern: /^[ \t]{0,8}password[ \t]{0,4}[=:][ \t]{0,4}(?<secret>\S{1,500})/gm,
  },
  {
    kind: 'my-cnf',
    what: say`a password of a database client`,
    applies: (text) => /^\[(?:client|mysql|mysqldump|mysqladmin)[^\]\n]{0,20}\]/m.test(text),
    pattern: /^[ \t]{0,8}password[ \t]{0,4}=[ \t]{0,4}["']?(?<secret>[^\s"']{1,500})/gm,
  },
  {
    kind: 'aws-credentials',
    what: say`a secret access key of AWS`,
    applies: (text) => text.includes('aws_secret_access_key'),
    pattern:
      /aws_secret_access_key["']?[ \t]{0,8}[=:][ \t]{0,8}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g,
  },
  {
    kind: 'rclone',
    what: say`a reversibly masked password of rclone`,
    applies: (text) => /^type\s{0,4}=/m.test(text) && /^pass(?:word2?)?\s{0,4}=/m.test(text),
    pattern: /^pass(?:word2?)?[ \t]{0,4}=[ \t]{0,4}(?<secret>\S{8,500})/gm,
  },
  {
    kind: 's3cfg',
    what: say`a secret key of an object store`,
    applies: (text) => /^access_key\s{0,4}=/m.test(text) || /^gs_secret_access_key/m.test(text),
    pattern: /^(?:secret_key|gs_secret_access_key)[ \t]{0,4}=[ \t]{0,4}(?<secret>\S{16,200})/gm,
  },
  {
    kind: 'terraformrc',
    what: say`a token of a Terraform registry`,
    applies: (text) => /^credentials "/m.test(text),
    pattern: /^[ \t]{0,8}token[ \t]{0,4}=[ \t]{0,4}"(?<secret>[^"\n]{8,500})"/gm,
  },
  {
    kind: 'maven-settings',
    what: say`a password of a package registry`,
    applies: (text) => text.includes('<server>') || text.includes('packageSourceCredentials'),
    pattern:
      /(?:<(?:password|passphrase)>|ClearTextPassword"\s{1,8}value=")(?<secret>[^<"\n{$]{3,300})/g,
  },
  {
    kind: 'vault-token',
    what: say`a token of Vault`,
    applies: (text, path) => /(?:^|\/)\.vault-token$/.test(path) && text.length < 500,
    pattern: /^(?<secret>[A-Za-z0-9._-]{20,300})\s{0,4}$/g,
  },
  {
    kind: 'vault-init',
    what: say`a key that unseals Vault`,
    applies: (text) => /(?:Unseal|Recovery) Key \d/.test(text),
    pattern:
      /^[ \t>]{0,20}(?:Unseal|Recovery) Key \d{1,2}: {1,4}(?<secret>[A-Za-z0-9+/=]{32,80})[ \t]*$/gm,
  },
  {
    kind: 'gossip-key',
    what: say`a key of a cluster's gossip`,
    applies: (text) => text.includes('encrypt'),
    pattern:
      /(?<![\w-])"?encrypt"?[ \t]{0,4}[=:][ \t]{0,4}"(?<secret>[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==)"/g,
  },
  {
    kind: 'postfix',
    what: say`a password of a mail relay`,
    applies: (_, path) => /(?:sasl|relay)_passwd$/.test(path),
    pattern: /^[^#\s]\S{0,200}[ \t]{1,40}[^\s:]{1,200}:(?<secret>\S{1,500})[ \t]{0,8}$/gm,
  },
  {
    kind: 'bundler',
    what: say`a login of a package registry`,
    applies: (text) => text.includes('BUNDLE_'),
    pattern:
      /^BUNDLE_[A-Z0-9_]{1,100}__[A-Z0-9_]{1,100}: "?(?:[^\s:"]{1,100}:)?(?<secret>[^\s":]{8,300})"?[ \t]{0,8}$/gm,
  },
  {
    kind: 'rails-master-key',
    what: say`a Rails master key`,
    applies: (text, path) => /(?:master|credentials\/[a-z]+)\.key$/.test(path) && text.length < 100,
    pattern: /^(?<secret>[0-9a-f]{32})\s{0,4}$/g,
  },
];

/** Every line that says something has the five fields, and the second is a port. */
function isPgpass(text: string): boolean {
  if (text.length > 100_000) return false;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return (
    lines.length > 0 && lines.every((line) => /^[^:\s]+:(?:\d{1,5}|\*):[^:]+:[^:]+:./.test(line))
  );
}
