import { describe, expect, it } from 'vitest';
import { NO_KEY_STATES } from '../../src/plan/key-states.ts';
import { filesOf, type PlannedFile } from '../../src/plan/plan.ts';
import { masterKeyOf } from '../../src/plan/planned-key.ts';
import { daysAgo, encrypted, person, planTree, sopsConfig } from '../support/tree.ts';

const [alice, bob, bot] = [person(), person(), person()];
const SECRET =
  'db:\n  password: hunter-two\n  hosts:\n    - one\n    - two\nplain_unencrypted: yes\n';

const kinds = (file: PlannedFile | undefined) => file?.reasons.map(({ kind }) => kind);

describe('planning a file', () => {
  it('finds nothing due where readers are those of the creation rule', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[alice, bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot, alice]]),
      'readme.md': 'nothing of sops',
    };
    const plan = planTree({ files });
    expect(filesOf(plan)).toEqual([]);
    expect(plan.notDue).toEqual({ upToDate: 1, uncovered: 0, plain: 2 });
  });

  it('adds a recipient by updatekeys alone', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[alice, bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot]]),
    };
    const [file] = filesOf(planTree({ files }));
    expect(kinds(file)).toEqual(['recipient-added']);
    expect(file?.actions).toEqual(['updatekeys']);
    expect(file?.valuesToChange).toEqual([]);
    expect(file?.after.keyGroups[0]?.map(({ id }) => id)).toEqual([alice.recipient, bot.recipient]);
  });

  it('pairs a removal with a new data key, and lists what could be read', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot, bob]]),
    };
    const [file] = filesOf(planTree({ files }));
    expect(kinds(file)).toEqual(['recipient-removed']);
    expect(file?.actions).toEqual(['updatekeys', 'rotate']);
    expect(file?.valuesToChange).toEqual([
      '["db"]["password"]',
      '["db"]["hosts"][0]',
      '["db"]["hosts"][1]',
    ]);
  });

  it('takes out whose time is over, though .sops.yaml still names them', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot, bob]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot, bob]]),
    };
    const policy = (until: string) =>
      `version: 1\nrecipients:\n  bob: { age: ${bob.recipient}, until: ${until} }\n`;
    const [file] = filesOf(planTree({ files, policy: policy('2026-11-22') }));
    expect(file?.reasons).toEqual([
      {
        kind: 'recipient-expired',
        text: `bob (age ${bob.recipient}) leaves: it could read until 2026-11-22`,
      },
    ]);
    expect(file?.actions).toEqual(['updatekeys', 'rotate']);
    expect(filesOf(planTree({ files, policy: policy('2026-11-24') }))).toEqual([]);
  });

  it('takes out whom the policy forbids', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot, bob]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot, bob]]),
    };
    const policy = `version: 1
recipients: { bob: { age: ${bob.recipient} } }
rules: [{ name: production, paths: ["**"], recipients: { none: [bob], others: allow } }]
`;
    const [file] = filesOf(planTree({ files, policy }));
    expect(kinds(file)).toEqual(['recipient-forbidden']);
    expect(file?.reasons[0]?.text).toContain('forbidden by the policy rule production');
  });

  it('leaves nobody out when then nobody would be left', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bob]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bob]]),
    };
    const policy = `version: 1\nrecipients:\n  bob: { age: ${bob.recipient}, until: 2026-01-01 }\n`;
    const plan = planTree({ files, policy });
    expect(filesOf(plan)).toEqual([]);
    expect(plan.problems).toHaveLength(1);
    expect(plan.problems[0]?.reason).toContain('nobody would be left in key group 1');
  });

  it('follows groups and threshold', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot], [alice], [bob]], '    shamir_threshold: 2\n']),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot, alice, bob]]),
      'b.yaml': await encrypted('b.yaml', SECRET, [[bot], [alice], [bob]]),
      'c.yaml': await encrypted('c.yaml', SECRET, [[bot], [alice], [bob]], { shamirThreshold: 2 }),
    };
    const plan = planTree({ files });
    const byPath = new Map(filesOf(plan).map((file) => [file.path, file]));
    expect(kinds(byPath.get('a.yaml'))).toEqual(['key-groups', 'threshold']);
    expect(kinds(byPath.get('b.yaml'))).toEqual(['threshold']);
    expect(byPath.get('b.yaml')?.after.threshold).toBe(2);
    expect(byPath.has('c.yaml')).toBe(false);
  });

  it('renews a data key that is over its limit, and one that is due by the schedule', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot]]),
    };
    const limit = 'version: 1\nrules: [{ name: p, paths: ["**"], max_data_key_age: 90d }]\n';
    const schedule = 'version: 1\nrotation: { schedule: 30d }\n';
    const aged = (days: number) => ({ 'a.yaml': { since: daysAgo(days), formerKeys: [] } });
    const plan = (policy: string, days: number) =>
      filesOf(planTree({ files, policy, history: aged(days) })).flatMap((file) => kinds(file));
    expect(plan(limit, 90)).toEqual([]);
    expect(plan(limit, 91)).toEqual(['data-key-age']);
    expect(plan(schedule, 29)).toEqual([]);
    expect(plan(schedule, 30)).toEqual(['schedule']);
    const unknown = { 'a.yaml': { since: null, formerKeys: [] } };
    expect(planTree({ files, policy: limit, history: unknown }).problems[0]?.reason).toContain(
      'unknown',
    );
  });

  it('renews a data key that somebody kept who left', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot]]),
    };
    const key = masterKeyOf({ type: 'age', id: bob.recipient, name: null, owner: null });
    const history = { 'a.yaml': { since: daysAgo(3), formerKeys: [key] } };
    const [file] = filesOf(planTree({ files, history }));
    expect(kinds(file)).toEqual(['data-key-kept']);
    expect(file?.actions).toEqual(['rotate']);
    expect(file?.valuesToChange).toHaveLength(3);
  });

  it('never follows a rule that brings values into the open', async () => {
    const encryptedAll = await encrypted('a.yaml', SECRET, [[bot]]);
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot]], '    encrypted_regex: ^password$\n']),
      'a.yaml': encryptedAll,
    };
    const plan = planTree({ files });
    expect(filesOf(plan)).toEqual([]);
    expect(plan.problems[0]?.reason).toContain('2 values plain that are encrypted now');
  });

  it('encrypts what a wider rule selects, and says that it was in the open', async () => {
    const selection = { rule: 'encrypted_regex', value: '^password$' } as const;
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot]], '    encrypted_regex: ^(password|hosts)$\n']),
      'a.yaml': await encrypted('a.yaml', SECRET, [[bot]], { selection }),
    };
    const [file] = filesOf(planTree({ files }));
    expect(kinds(file)).toEqual(['selection']);
    expect(file?.actions).toEqual(['reencrypt']);
    expect(file?.valuesToChange).toEqual(['["db"]["hosts"][0]', '["db"]["hosts"][1]']);
  });

  it('sees a second reader in a wrapped key', async () => {
    const text = await encrypted('a.json', '{"a":"b"}', [[bot]]);
    const extra =
      '-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n';
    const document = JSON.parse(text);
    const armor = document.sops.age[0].enc as string;
    const body = Buffer.from(armor.split('\n').slice(1, -2).join(''), 'base64').toString('latin1');
    const twice = Buffer.from(body.replace('\n', `\n${extra}`), 'latin1').toString('base64');
    const lines = twice.match(/.{1,64}/g)?.join('\n');
    document.sops.age[0].enc = `-----BEGIN AGE ENCRYPTED FILE-----\n${lines}\n-----END AGE ENCRYPTED FILE-----\n`;
    const files = {
      '.sops.yaml': sopsConfig(['\\.json$', [[bot]]]),
      'a.json': JSON.stringify(document),
    };
    const [file] = filesOf(planTree({ files }));
    expect(kinds(file)).toEqual(['hidden-recipient']);
    expect(file?.actions).toEqual(['updatekeys', 'rotate']);
    expect(file?.valuesToChange).toEqual(['["a"]']);
  });

  it('reports a sops block that cannot be read, and goes on', async () => {
    const whole = await encrypted('a.yaml', SECRET, [[bot]]);
    const files = {
      '.sops.yaml': sopsConfig(['\\.yaml$', [[bot, alice]]]),
      'a.yaml': whole.replace(/lastmodified: .*/, 'shamir_threshold: many'),
      'b.yaml': whole,
    };
    const plan = planTree({ files });
    expect(plan.problems.map(({ path }) => path)).toEqual(['a.yaml']);
    expect(filesOf(plan).map(({ path }) => path)).toEqual(['b.yaml']);
  });

  it('refuses a configuration with a mistake, whose files another rule would take', async () => {
    const files = {
      '.sops.yaml': sopsConfig(['[', [[alice]]], ['', [[bot]]]),
      'a.yaml': await encrypted('a.yaml', SECRET, [[alice]]),
    };
    expect(() => planTree({ files })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });

  it('plans no file that no rule is for, unless somebody must go', async () => {
    const files = { 'a.yaml': await encrypted('a.yaml', SECRET, [[bot, bob]]) };
    const policy = `version: 1\nrecipients:\n  bob: { age: ${bob.recipient}, until: 2026-01-01 }\nrotation: { schedule: 1d }\n`;
    expect(planTree({ files }).notDue.uncovered).toBe(1);
    const [file] = filesOf(planTree({ files, policy }));
    expect(kinds(file)).toEqual(['recipient-expired']);
    expect(file?.after.keyGroups[0]?.map(({ id }) => id)).toEqual([bot.recipient]);
  });

  it('asks for the newest version of a Vault key', async () => {
    const enc = (version: number) => `vault:v${version}:AAAA`;
    const vault = 'https://vault.example.com/v1/transit/keys/prod';
    const text = (version: number) =>
      JSON.stringify({
        a: 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]',
        sops: {
          hc_vault: [
            {
              vault_address: 'https://vault.example.com',
              engine_path: 'transit',
              key_name: 'prod',
              created_at: '2026-01-01T00:00:00Z',
              enc: enc(version),
            },
          ],
          lastmodified: '2026-01-01T00:00:00Z',
          mac: 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]',
          version: '3.13.3',
        },
      });
    const files = {
      '.sops.yaml': `creation_rules:\n  - hc_vault_transit_uri: ${vault}\n`,
      'old.json': text(1),
      'new.json': text(3),
    };
    const statesOf = (oldestOpened: number) => ({
      ...NO_KEY_STATES,
      cloudKeys: new Map([
        [`hc_vault ${vault}`, { trouble: null, ends: null, versions: { newest: 3, oldestOpened } }],
      ]),
    });
    const due = filesOf(planTree({ files, keyStates: statesOf(1) }));
    expect(due.map(({ path }) => path)).toEqual(['old.json']);
    expect(due[0]?.actions).toEqual(['rewrap']);
    expect(due[0]?.reasons[0]?.text).toContain('wrapped by version 1; the newest is 3');
    const [lost] = filesOf(planTree({ files, keyStates: statesOf(2) }));
    expect(lost?.reasons[0]?.text).toContain('version 1, which Vault opens no more');
    expect(filesOf(planTree({ files }))).toEqual([]);
  });
});
