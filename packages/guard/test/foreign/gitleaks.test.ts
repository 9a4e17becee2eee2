import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  check,
  type ForeignFiles,
  isSilenced,
  ownRules,
  parseGitleaksIgnore,
  parseSecretsBaseline,
  readGitleaksConfig,
  Source,
} from '../../src/index.ts';

const RULE = "[[rules]]\nid = 'house-key'\nregex = '''house_key\\s*=\\s*[\"']?([a-z0-9]{12})'''\n";
const VALUE = ['k3jq8zw1', 'm5vx'].join('');

function findings(config: string, text: string, path = 'a.conf') {
  const { rules } = readGitleaksConfig(config, '.gitleaks.toml');
  return check([new Source(path, Buffer.from(text))], [ownRules(rules)]);
}

describe('rules of .gitleaks.toml', () => {
  it('find what they look for, the secret alone being the place', () => {
    const [found, ...others] = findings(RULE, `x = 1\nhouse_key = "${VALUE}"\n`);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ ruleId: 'plaintext/own-rule', kind: 'house-key' });
    expect(found?.range).toEqual({ startLine: 2, startColumn: 14, endLine: 2, endColumn: 26 });
    expect(JSON.stringify(found)).not.toContain(VALUE);
  });

  it('heed keywords, paths, entropy and their own allowlists', () => {
    const text = `house_key = ${VALUE}\n`;
    expect(findings(`${RULE}keywords = ['HOUSE_']`, text)).toHaveLength(1);
    expect(findings(`${RULE}keywords = ['other']`, text)).toHaveLength(0);
    expect(findings(`${RULE}path = '''\\.ya?ml$'''`, text)).toHaveLength(0);
    expect(findings(`${RULE}entropy = 3`, text)).toHaveLength(1);
    expect(findings(`${RULE}entropy = 3`, 'house_key = aaaaaaaaaaaa\n')).toHaveLength(0);
    const allow = `${RULE}[[rules.allowlists]]\n`;
    expect(findings(`${allow}regexes = ['^k3jq']`, text)).toHaveLength(0);
    expect(findings(`${allow}regexes = ['^house']`, text)).toHaveLength(1);
    expect(findings(`${allow}regexTarget = 'line'\nregexes = ['^house']`, text)).toHaveLength(0);
    expect(findings(`${allow}stopwords = ['8ZW1']`, text)).toHaveLength(0);
    expect(
      findings(`${allow}condition = 'AND'\npaths = ['b']\nstopwords = ['8zw1']`, text),
    ).toHaveLength(1);
  });

  it('find what goes over several lines, and a path alone', () => {
    const twoLines = "[[rules]]\nid = 'x'\nregex = '''begin\\nend'''\n";
    expect(findings(twoLines, 'begin\nend\n')).toMatchObject([{ range: null }]);
    const byPath = "[[rules]]\nid = 'p12'\npath = '''\\.p12$'''\n";
    expect(findings(byPath, 'x', 'a.p12')).toHaveLength(1);
    expect(findings(byPath, 'x', 'a.p13')).toHaveLength(0);
  });

  it('leave ciphertext alone', () => {
    const rule = "[[rules]]\nid = 'x'\nregex = '''[A-Za-z0-9+/]{20}'''\n";
    const token = `ENC[AES256_GCM,data:${'Ab1+'.repeat(8)},iv:${'A'.repeat(43)}=,tag:${'A'.repeat(22)}==,type:str]`;
    expect(findings(rule, `a: ${token}\n`, 'a.yaml')).toEqual([]);
  });
});

describe('what is not understood', () => {
  it.each([
    ["[[rules]]\nid = 'x'\nregex = '('\n", 3, 1],
    ["[[rules]]\nid = 'x'\nregex = 'a'\nrequired = []\n", 4, 1],
    ['[allowlist]\npathes = []\n', 2, 1],
    ['[extend]\nurl = "https://example.org"\n', 2, 1],
    ["[[rules]]\nid = 'x'\n", 2, 1],
    ["[allowlist]\nregexes = [\n  'a',\n  '(?<=b)',\n]\n", 4, 3],
    ["[allowlist]\nregexTarget = 'words'\n", 2, 1],
    ['[allowlist]\npaths = "a"\n', 2, 1],
  ])('%j is refused where it stands', (text, line, column) => {
    expect(() => readGitleaksConfig(text, '.gitleaks.toml')).toThrow(
      expect.objectContaining({ path: '.gitleaks.toml', position: { line, column } }),
    );
  });

  it('a line of .gitleaksignore, an entry of .secrets.baseline', () => {
    expect(() => parseGitleaksIgnore('# x\na.yaml:rule\n', '.gitleaksignore')).toThrow(
      expect.objectContaining({ position: { line: 2, column: 1 } }),
    );
    for (const text of ['{', '[]', '{"results":{"a":[{}]}}', '{"results":{"a":1}}']) {
      expect(() => parseSecretsBaseline(text, '.secrets.baseline')).toThrow('detect-secrets');
    }
  });
});

describe('what other scanners were told', () => {
  const source = new Source('conf/db.yaml', Buffer.from(`a: 1\npassword: ${VALUE}\n`));
  const [finding] = check([source], readRules());
  const none: ForeignFiles = { configs: [], ignored: [], baseline: new Set() };
  const silenced = (files: Partial<ForeignFiles>, commit: string | null = null) => {
    if (finding === undefined) throw new Error('nothing was found');
    return isSilenced({ ...none, ...files }, { finding, value: VALUE, source, commit });
  };
  const config = (text: string) => ({ configs: [readGitleaksConfig(text, 'x')] });

  function readRules() {
    const rule = "[[rules]]\nid = 'pw'\nregex = 'password: ([a-z0-9]+)'\n";
    return [ownRules(readGitleaksConfig(rule, 'x').rules)];
  }

  it('by path, by expression, by stop word, for the rules they name', () => {
    expect(silenced(none)).toBe(false);
    expect(silenced(config("[allowlist]\npaths = ['^conf/']\n"))).toBe(true);
    expect(silenced(config("[allowlist]\npaths = ['^other/']\n"))).toBe(false);
    expect(silenced(config("[[allowlists]]\nregexTarget='match'\nregexes = ['^password']\n"))).toBe(
      true,
    );
    expect(silenced(config("[[allowlists]]\ntargetRules = ['pw']\npaths = ['conf']\n"))).toBe(true);
    expect(silenced(config("[[allowlists]]\ntargetRules = ['q']\npaths = ['conf']\n"))).toBe(false);
    expect(silenced(config("[extend]\ndisabledRules = ['pw']\n"))).toBe(true);
    expect(silenced(config("[allowlist]\ncommits = ['abc']\n"), 'abc')).toBe(true);
  });

  it('by place and by SHA-1', () => {
    const ignored = (text: string) => ({ ignored: parseGitleaksIgnore(text, 'x') });
    expect(silenced(ignored('conf/db.yaml:generic-api-key:2'))).toBe(true);
    expect(silenced(ignored('conf/db.yaml:generic-api-key:1'))).toBe(false);
    expect(silenced(ignored('abcdef1:conf/db.yaml:generic-api-key:2'))).toBe(false);
    expect(silenced(ignored('abcdef1:conf/db.yaml:generic-api-key:2'), 'abcdef12')).toBe(true);
    const sum = createHash('sha1').update(VALUE).digest('hex');
    const entry = (more: object) =>
      parseSecretsBaseline(
        JSON.stringify({ results: { 'conf/db.yaml': [{ hashed_secret: sum, ...more }] } }),
        'x',
      );
    expect(silenced({ baseline: entry({}) })).toBe(true);
    expect(silenced({ baseline: entry({ is_secret: true }) })).toBe(false);
  });

  it('but not of a private key', () => {
    const begin = ['-----BEGIN', 'OPENSSH PRIVATE KEY-----'].join(' ');
    const key = new Source('conf/key', Buffer.from(begin));
    const other = { ...(finding ?? fail()), ruleId: 'plaintext/private-key', path: 'conf/key' };
    const files = { ...none, ...config("[allowlist]\npaths = ['^conf/']\n") };
    expect(isSilenced(files, { finding: other, value: undefined, source: key, commit: null })).toBe(
      false,
    );
  });
});

function fail(): never {
  throw new Error('nothing was found');
}
