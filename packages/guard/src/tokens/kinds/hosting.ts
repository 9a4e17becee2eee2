import { issuer } from '../kind.ts';

const UUID = 'hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12}';

/** Where applications and sites run. */
export const HOSTING = [
  ...issuer('Cloudflare', [
    ['cloudflare-user-token', 'live', 'cfut_', 'b62{40} hex{8}', { checksum: 'cloudflare' }],
    ['cloudflare-account-token', 'live', 'cfat_', 'b62{40} hex{8}', { checksum: 'cloudflare' }],
    ['cloudflare-global-key', 'live', 'cfk_', 'b62{40} hex{8}', { checksum: 'cloudflare' }],
    ['cloudflare-origin-ca', 'live', 'v1.0-', 'hex{24} - hex{146}'],
  ]),
  ...issuer('DigitalOcean', [
    ['digitalocean-pat', 'live', 'dop_v1_', 'hex{64}'],
    ['digitalocean-oauth', 'live', 'doo_v1_', 'hex{64}'],
    ['digitalocean-refresh', 'live', 'dor_v1_', 'hex{64}'],
    ['digitalocean-spaces-id', 'id', 'DO00 DO801', 'U36{16,18}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Heroku', [
    ['heroku-api-key', 'live', 'HRKU-AA', 'b64u{58}'],
    ['heroku-api-key-2024', 'live', 'HRKU-', UUID],
  ]),
  ...issuer('Fly.io', [
    ['fly-macaroon', 'live', 'fm1r_ fm1a_ fm2_', 'b64{100,8000} eq{0,2}'],
    ['fly-legacy', 'live', 'fo1_', 'b64u{43}'],
  ]),
  ...issuer('Vercel', [
    [
      'vercel-token',
      'live',
      'vcp_ vci_ vca_ vcr_ vck_',
      'b64u{20,60}',
      { confirm: 'mixedWithDigit' },
    ],
  ]),
  ...issuer('Netlify', [['netlify-pat', 'live', 'nfp_', 'b62{36}']]),
  ...issuer('Render', [['render-key', 'live', 'rnd_', 'b62{28}']]),
  ...issuer('UpCloud', [
    ['upcloud-token', 'live', 'ucat_', 'b62{24,32}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Exoscale', [
    ['exoscale-key', 'id', 'EXO', 'b62{24,30}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Tailscale', [
    [
      'tailscale-key',
      'live',
      'tskey-auth- tskey-api- tskey-client- tskey-scim- tskey-webhook-',
      'b62{8,40} - b62{16,60}',
    ],
  ]),
  ...issuer('Defined Networking', [['nebula-dnkey', 'live', 'dnkey-', 'b64u{26} - b64u{52}']]),
  ...issuer('Red Hat', [['openshift-token', 'live', 'sha256~', 'b64u{43}']]),
  ...issuer('Infura', [['rpc-node-url', 'live', 'infura.io/v3/', 'hex{32}']]),
  ...issuer('Alchemy', [['rpc-node-url', 'live', 'alchemy.com/v2/', 'b64u{32}']]),
  ...issuer('Val Town', [
    ['val-town', 'live', 'vtwn_', 'b64u{20,80}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Zuplo', [['zuplo-key', 'live', 'zpka_', 'l36{32} _ hex{8}']]),
  ...issuer('Unkey', [
    ['unkey-root', 'live', 'unkey_', 'b62{20,32}', { confirm: 'mixedWithDigit' }],
  ]),
];
