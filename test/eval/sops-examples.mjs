import { readdirSync, readFileSync } from 'node:fs';

/** Of a value: a comment in plain text is a warning. */
const TOKEN = /ENC\[AES256_GCM,[^\]]*,type:(?!comment)\w+\]/;
const SECRET = 'sunshine-7';

/** What a hand does to an encrypted file. Each gives the text, or null where it does not apply. */
const MUTATIONS = {
  decrypted: (text) => text.replace(TOKEN, SECRET),
  'appended-key': (text, name) => {
    if (name.endsWith('.yaml'))
      return /^---$/m.test(text) ? null : `${text}db_password: ${SECRET}\n`;
    if (name.endsWith('.env')) return `${text}DB_PASSWORD=${SECRET}\n`;
    return name.endsWith('.json') ? text.replace('{', `{"db_password": "${SECRET}",`) : null;
  },
  'appended-document': (text, name) =>
    name.endsWith('.yaml') ? `${text}---\ndb_password: ${SECRET}\n` : null,
  'broken-token': (text) => text.replace(/,tag:[^,]*/, ''),
  'without-mac': (text, name) =>
    name.endsWith('.yaml') ? text.replace(/^\s+mac: .*\n/m, '') : null,
};

/** The encrypted test vectors as they are, which is fine, and after each mutation, which is not. */
export function sopsExamples(directory) {
  const names = readdirSync(directory).filter((name) => /\.enc\.(?:yaml|json|env|ini)$/.test(name));
  return names.flatMap((name) => {
    const text = readFileSync(new URL(name, directory), 'utf8');
    const example = (prefix, suffix, content) => ({
      name: `sops-file/${prefix}.${name.replaceAll('.', '-')}${suffix}`,
      bad: prefix === 'ng',
      sources: [{ path: name, bytes: Buffer.from(content) }],
    });
    const mutated = Object.entries(MUTATIONS).flatMap(([what, mutate]) => {
      const changed = mutate(text, name);
      return changed === null || changed === text ? [] : [example('ng', `-${what}`, changed)];
    });
    return [example('ok', '', text), ...mutated];
  });
}
