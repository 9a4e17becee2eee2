import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import { Source } from '../../src/source.ts';

const directory = new URL('../../../../test/vectors/', import.meta.url);
const encrypted = readdirSync(directory).filter(
  (name) =>
    /(?:\.enc|sample|before|after)\./.test(name) &&
    !name.includes('.dec.') &&
    name !== 'set.before.yaml',
);
const load = (name: string, as = name) => new Source(as, readFileSync(new URL(name, directory)));
const ids = (source: Source) => check([source], CONTENT_RULES).map(({ ruleId }) => ruleId);

describe('files of the real sops', () => {
  it.each(encrypted)('%s: no finding', (name) => {
    expect(check([load(name)], CONTENT_RULES)).toEqual([]);
  });

  it.each(encrypted.filter((name) => /\.(?:yaml|json)$/.test(name)))(
    '%s: none without its extension',
    (name) => {
      expect(ids(load(name, 'secrets'))).toEqual([]);
    },
  );
});

const text = readFileSync(new URL('set.before.enc.yaml', directory), 'utf8');
const json = readFileSync(new URL('simple.enc.json', directory), 'utf8');
const env = readFileSync(new URL('simple.enc.env', directory), 'utf8');
const multi = readFileSync(new URL('multi.enc.yaml', directory), 'utf8');
const source = (content: string, path = 'a.yaml') => new Source(path, Buffer.from(content));
const TOKEN = /ENC\[AES256_GCM,[^\]]*\]/;

describe('what is done to encrypted files', () => {
  const cases: readonly (readonly [string, Source, string])[] = [
    ['one leaf decrypted (yaml)', source(text.replace(TOKEN, 'hunter2')), 'broken/plain-value'],
    [
      'one leaf decrypted (json)',
      source(json.replace(TOKEN, 'hunter2'), 'a.json'),
      'broken/plain-value',
    ],
    [
      'one leaf decrypted (env)',
      source(env.replace(/^(\w+=)ENC.*$/m, '$1hunter2'), '.env'),
      'broken/plain-value',
    ],
    [
      'a second reader under a name of its own in the block',
      source(
        text.replace(/^sops:$/m, 'sops:\n    key_groupz: [{age: [{enc: abc, recipient: me}]}]'),
      ),
      'broken/metadata',
    ],
    [
      'key groups beside the lists',
      source(text.replace(/^sops:$/m, 'sops:\n    key_groups: [{age: [{enc: abc}]}]')),
      'broken/metadata',
    ],
    [
      'a merge key in the block',
      source(text.replace(/^sops:$/m, 'sops:\n    <<: {note: sunshine}')),
      'broken/metadata',
    ],
    [
      'plain text beside a recipient',
      source(text.replace(/^( +)recipient: /m, '$1note: sunshine\n$&')),
      'broken/metadata',
    ],
    [
      'a recipient named twice (json)',
      source(json.replace('"recipient":', '"recipient": "me", "recipient":'), 'a.json'),
      'broken/metadata',
    ],
    [
      'plain text as metadata (env)',
      source(`${env}sops_note=sunshine\n`, 'a.env'),
      'broken/metadata',
    ],
    [
      'a version that is none',
      source(text.replace(/^( +version: ).*$/m, '$1sunshine')),
      'broken/metadata',
    ],
    [
      'another block in the second document',
      source(multi.replace(/(^---$[\s\S]*recipient: ).*$/m, '$1sunshine')),
      'broken/metadata',
    ],
    [
      'a password under the suffix that leaves it plain',
      source(`db_password_unencrypted: Fr0g-and-t0ad\n${text}`),
      'plaintext/beside-ciphertext',
    ],
    ['a key appended', source(`${text}newkey: sunshine\n`), 'broken/plain-value'],
    ['a key appended (env)', source(`${env}NEW=sunshine\n`, 'a.env'), 'broken/plain-value'],
    ['a document appended', source(`${text}---\nother: sunshine\n`), 'broken/plain-value'],
    [
      'a document appended to several',
      source(`${multi}---\nother: sunshine\n`),
      'broken/plain-value',
    ],
    ['a document put in front', source(`other: sunshine\n---\n${text}`), 'broken/plain-value'],
    [
      'in Markdown',
      source(`# x\n\n\`\`\`yaml\n${text}newkey: sunshine\n\`\`\`\n`, 'a.md'),
      'broken/plain-value',
    ],
    [
      'nothing encrypted',
      source(
        text
          .split(/^(?=sops:)/m)
          .map((part, i) => (i === 0 ? part.replaceAll(new RegExp(TOKEN, 'g'), 'b') : part))
          .join(''),
      ),
      'broken/nothing-encrypted',
    ],
    ['a token cut', source(text.replace(/,tag:[^,]*/, '')), 'broken/token'],
    [
      'a token with a short iv',
      source(text.replace(/iv:[^,]*/, 'iv:AAAAAAAAAAAAAAAA')),
      'broken/token',
    ],
    ['a token with a short tag', source(text.replace(/tag:[^,]*/, 'tag:AAAA')), 'broken/token'],
    ['a token of no type', source(text.replace('type:str', 'type:text')), 'broken/token'],
    [
      'a token of readable text',
      source(
        text.replace(/data:[^,]*/, `data:${Buffer.from('my plain password!').toString('base64')}`),
      ),
      'broken/token',
    ],
    ['the MAC stripped', source(text.replace(/^\s+mac: .*\n/m, '')), 'broken/mac-missing'],
    [
      'the keys stripped',
      source(text.replace(/^\s+age:[\s\S]*?(?=^ {4}\w)/m, '')),
      'broken/metadata',
    ],
    [
      'a conflict',
      source(text.replace('\n', '\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n')),
      'broken/merge-conflict',
    ],
    ['a comment in plain text', source(`# old: sunshine\n${text}`), 'broken/plain-comment'],
  ];

  it.each(cases)('%s', (_, mutated, expected) => {
    expect(ids(mutated)).toContain(expected);
  });

  it('a block copied to another file', () => {
    const block = /^sops:[\s\S]*/m.exec(text)?.[0] ?? '';
    const other = readFileSync(new URL('types.enc.yaml', directory), 'utf8').replace(
      /^sops:[\s\S]*/m,
      block,
    );
    const findings = check([source(text, 'a.yaml'), source(other, 'b.yaml')], CONTENT_RULES);
    expect(findings.map(({ ruleId, path }) => [ruleId, path])).toContainEqual([
      'broken/metadata',
      'b.yaml',
    ]);
  });
});
