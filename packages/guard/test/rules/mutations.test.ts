import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import { Source } from '../../src/source.ts';

const directory = new URL('../../../../test/vectors/', import.meta.url);
const vectors = readdirSync(directory)
  .filter((name) => /\.enc\.|\.sample\./.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, directory), 'utf8') }));

const TOKEN = /ENC\[AES256_GCM,[^\]]*\]/g;

/** Tokens of values, those of the sops block and of comments left out. */
function tokensOf(text: string): { at: number; token: string }[] {
  const block = /^sops:|^\s*"sops":|^sops_|^\[sops\]/m.exec(text)?.index ?? text.length;
  return [...text.matchAll(TOKEN)]
    .filter(({ 0: token, index }) => index < block && !token.includes('type:comment'))
    .map(({ 0: token, index }) => ({ at: index, token }));
}

function errorsOf(name: string, text: string): string[] {
  return check([new Source(name, Buffer.from(text))], CONTENT_RULES)
    .filter(({ severity }) => severity === 'error')
    .map(({ ruleId }) => ruleId);
}

const splice = (text: string, at: number, length: number, put: string) =>
  text.slice(0, at) + put + text.slice(at + length);

describe.each(vectors)('$name', ({ name, text }) => {
  const tokens = tokensOf(text);

  it('is found nothing in, and has tokens to break', () => {
    expect(errorsOf(name, text)).toEqual([]);
    expect(text).toMatch(TOKEN);
  });

  it('each value decrypted by itself', () => {
    for (const { at, token } of tokens) {
      const found = errorsOf(name, splice(text, at, token.length, 'sunshine'));
      expect(
        found.some((id) => id === 'broken/plain-value' || id === 'broken/nothing-encrypted'),
        `${token.slice(0, 30)} at ${at}: ${found.join()}`,
      ).toBe(true);
    }
  });

  it.each([
    ['without its tag', (token: string) => token.replace(/,tag:[^,]*/, '')],
    ['with a short IV', (token: string) => token.replace(/iv:[^,]*/, 'iv:AAAAAAAAAAAAAAAA')],
    ['with a short tag', (token: string) => token.replace(/tag:[^,]*/, 'tag:AAAA')],
    ['of an unknown type', (token: string) => token.replace(/type:\w+/, 'type:text')],
    ['without its end', (token: string) => token.slice(0, -1)],
    [
      'of readable text',
      (token: string) =>
        token.replace(/data:[^,]*/, `data:${Buffer.from('my plain password!').toString('base64')}`),
    ],
    ['with data that is no base64', (token: string) => token.replace(/data:[^,]*/, 'data:a b?c')],
  ])('a token %s', (_, breaks) => {
    for (const { at, token } of tokens.slice(0, 8)) {
      const found = errorsOf(name, splice(text, at, token.length, breaks(token)));
      expect(found.join(), `${token.slice(0, 30)} at ${at}`).toMatch(/broken\//);
    }
  });

  it('without its MAC', () => {
    const stripped = text.replace(
      /^(?:sops_mac|mac) *=.*\n|^[ \t]+"?mac"?: "?ENC\[[^\]]*\]"?,?\n|(?<=[{,])"mac":"[^"]*",?/m,
      '',
    );
    expect(stripped).not.toBe(text);
    expect(errorsOf(name, stripped)).toContain('broken/mac-missing');
  });

  it('with what was added to it', () => {
    const selects = !/^ *"?(?:encrypted|unencrypted)_(?:regex|suffix|comment)|mac_only/m.test(
      text.replace(/unencrypted_suffix: _unencrypted|"unencrypted_suffix": "_unencrypted"/, ''),
    );
    for (const added of additions(name, text)) {
      const found = errorsOf(name, added);
      if (selects) expect(found).toContain('broken/plain-value');
      else expect(found.join()).toMatch(/broken\/plain-value|plaintext\/beside-ciphertext/);
    }
  });
});

/** A key at the end, a key in front, and for YAML a document behind and in front. */
function additions(name: string, text: string): string[] {
  const secret = 'q8Zt3LmX0vB2nR7s';
  if (name.endsWith('.yaml')) {
    const isMany = /^---$/m.test(text);
    return [
      ...(isMany ? [] : [`${text}password: ${secret}\n`, `password: ${secret}\n${text}`]),
      `${text}---\npassword: ${secret}\n`,
      `password: ${secret}\n---\n${text.replace(/^---\n/, '')}`,
    ];
  }
  if (name.endsWith('.json')) {
    return [text.replace('{', `{"password": "${secret}",`)];
  }
  if (name.endsWith('.env')) {
    return [`${text}PASSWORD=${secret}\n`, `PASSWORD=${secret}\n${text}`];
  }
  return name.endsWith('.ini') ? [`[extra]\npassword = ${secret}\n${text}`] : [];
}

describe('the order of a file', () => {
  const text = readFileSync(new URL('set.before.enc.yaml', directory), 'utf8');
  const [values = '', block = ''] = text.split(/^(?=sops:)/m);
  const reordered = block + values;

  it('says nothing by itself, since it needs a key to tell', () => {
    expect(errorsOf('a.yaml', reordered)).toEqual([]);
  });

  it('hides nothing', () => {
    expect(
      errorsOf('a.yaml', reordered.replace(values, values.replace(TOKEN, 'sunshine'))),
    ).toEqual(['broken/nothing-encrypted']);
    const [first = ''] = values.match(TOKEN) ?? [];
    expect(errorsOf('a.yaml', reordered.replace(first, 'sunshine'))).toContain(
      'broken/plain-value',
    );
  });
});
