import { issuer } from '../kind.ts';

/** Secret stores, infrastructure as code, data stores. */
export const INFRASTRUCTURE = [
  ...issuer('HashiCorp', [
    ['terraform-cloud', 'live', '.atlasv1.', 'b64u{60,70}', { before: 'b62{14}' }],
    ['vault-service', 'live', 'hvs.', 'b64u{90,120}'],
    ['vault-service', 'live', 'hvs.', 'b64u{24}'],
    ['vault-batch', 'live', 'hvb.', 'b64u{138,300}'],
    ['vault-recovery', 'live', 'hvr.', 'b64u{24,120}', { confirm: 'digitAndLetter' }],
    ['vault-legacy', 'live', 's. b. r.', 'b62{24}', { near: 'vault', confirm: 'digitAndLetter' }],
  ]),
  ...issuer('K3s', [
    ['k3s-token', 'live', 'K10', 'hex{64} ::server: b62{8,64}'],
    ['k3s-token', 'live', 'K10', 'hex{64} ::node: b62{8,64}'],
    ['k3s-token', 'live', 'K10', 'hex{64} :: l36{6} . l36{16}'],
  ]),
  ...issuer('Pulumi', [['pulumi-token', 'live', 'pul-', 'hex{40}']]),
  ...issuer('Infracost', [['infracost-key', 'live', 'ico-', 'b62{32}']]),
  ...issuer('Doppler', [
    ['doppler-token', 'live', 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', 'b62{40,44}'],
    ['doppler-token', 'live', 'dp.st.', 'b64u{2,35} . b62{40,44}'],
  ]),
  ...issuer('1Password', [
    ['1password-sa', 'live', 'ops_eyJ', 'b64x{247,2000} eq{0,2}'],
    [
      '1password-secret-key',
      'live',
      'A3-',
      'U36{6} - U36{6} - U36{5} - U36{5} - U36{5} - U36{5}',
      { confirm: 'digitAndLetter' },
    ],
    [
      '1password-secret-key',
      'live',
      'A3-',
      'U36{6} - U36{11} - U36{5} - U36{5} - U36{5}',
      { confirm: 'digitAndLetter' },
    ],
  ]),
  ...issuer('Infisical', [['infisical-token', 'live', 'st.', 'hex{24} . hex{32} . hex{32}']]),
  ...issuer('Databricks', [
    ['databricks-pat', 'live', 'dapi', 'hex{32}'],
    ['databricks-oauth', 'live', 'dose', 'hex{32}'],
  ]),
  ...issuer('Confluent', [
    ['confluent-secret', 'live', 'cflt', 'b64{60}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('MongoDB', [
    ['mongodb-atlas-sa', 'live', 'mdb_sa_sk_', 'b64u{40}'],
    ['mongodb-atlas-id', 'id', 'mdb_sa_id_', 'hex{24}'],
  ]),
  ...issuer('Cockroach Labs', [['cockroach-key', 'live', 'CCDB1_', 'b62{22} _ b62{40}']]),
  ...issuer('PlanetScale', [
    [
      'planetscale',
      'live',
      'pscale_tkn_ pscale_pw_ pscale_oauth_',
      'b64ud{32,64} eq{0,2}',
      { confirm: 'digitAndLetter' },
    ],
  ]),
  ...issuer('Neon', [['neon-key', 'live', 'napi_', 'b62{64}']]),
  ...issuer('Supabase', [
    ['supabase-secret', 'live', 'sb_secret_', 'b64u{31}'],
    ['supabase-publishable', 'public', 'sb_publishable_', 'b64u{31}'],
    ['supabase-pat', 'live', 'sbp_ sbp_oauth_', 'hex{40}'],
  ]),
  ...issuer('DataStax', [['astra-token', 'live', 'AstraCS:', 'b62{24} : hex{64}']]),
  ...issuer('ClickHouse', [
    ['clickhouse-secret', 'live', '4b1d', 'b62{38}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('Elastic', [['elastic-cloud', 'live', 'essu_', 'b64u{60,200} eq{0,2}']]),
  ...issuer('age', [
    ['age-secret-key', 'live', 'AGE-SECRET-KEY-1', 'bech{58}', { checksum: 'bech32' }],
    ['age-secret-key-pq', 'live', 'AGE-SECRET-KEY-PQ-1', 'bech{58}', { checksum: 'bech32' }],
  ]),
  ...issuer('an issuer of JSON web tokens', [
    ['jwt', 'live', 'eyJ', 'b64u{7,4000} . b64u{10,16000} . b64u{10,1400}', { confirm: 'jwt' }],
  ]),
  ...issuer('Authress', [
    [
      'authress-key',
      'live',
      'sc_ ext_ scauth_ authress_',
      'b62{5,30} . b62{4,6} .acc_ b62m{10,32} . b64x{30,120}',
    ],
    [
      'authress-key',
      'live',
      'sc_ ext_ scauth_ authress_',
      'b62{5,30} . b62{4,6} .acc- b62m{10,32} . b64x{30,120}',
    ],
  ]),
];
