import { issuer } from '../kind.ts';

const UUID = 'hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12}';

/** Monitoring, feature flags, analytics. */
export const OBSERVABILITY = [
  ...issuer('Grafana', [
    ['grafana-sa', 'live', 'glsa_', 'b62{32} _ hex{8}', { checksum: 'grafana' }],
    ['grafana-cloud', 'live', 'glc_', 'b64{60,400} eq{0,2}', { confirm: 'mixedWithDigit' }],
    ['grafana-legacy', 'live', 'eyJrIjoi', 'b64{40,400} eq{0,2}'],
  ]),
  ...issuer('Datadog', [
    [
      'datadog-pat',
      'live',
      'ddpat_ ddsat_ ddapp_ ddap_',
      'w{24,120}',
      { confirm: 'mixedWithDigit' },
    ],
    [
      'datadog-client-token',
      'public',
      'pub',
      'hex{32}',
      { near: 'datadog clienttoken client_token' },
    ],
  ]),
  ...issuer('New Relic', [
    ['newrelic-user', 'live', 'NRAK-', 'U36{27}'],
    ['newrelic-license', 'live', 'NRAL', '', { before: 'l36{36}' }],
    ['newrelic-insert', 'live', 'NRII-', 'b64u{32}'],
    ['newrelic-browser', 'public', 'NRJS-', 'hex{19}'],
    ['newrelic-other', 'live', 'NRIQ- NRRA-', 'b64u{27,45}', { confirm: 'notAWord' }],
  ]),
  ...issuer('Dynatrace', [
    [
      'dynatrace-token',
      'live',
      'dt0c01. dt0s01. dt0s02. dt0s03. dt0s04. dt0s06. dt0s08. dt0s09. dt0s16.',
      'b32{24} . b32{64}',
    ],
    ['dynatrace-token', 'live', 'dt0s01. dt0s02. dt0s08.', 'b32{8} . b32{64}'],
  ]),
  ...issuer('Sentry', [
    ['sentry-user', 'live', 'sntryu_', 'hex{64}'],
    ['sentry-org', 'live', 'sntrys_eyJ', 'b64{20,400} _ b64{43}'],
    ['sentry-org', 'live', 'sntrys_eyJ', 'b64{20,400} = _ b64{43}'],
    ['sentry-org', 'live', 'sntrys_eyJ', 'b64{20,400} == _ b64{43}'],
    ['sentry-app', 'live', 'sntrya_ sntryi_', 'hex{64}'],
  ]),
  ...issuer('PostHog', [
    ['posthog-personal', 'live', 'phx_', 'b62{41,49}'],
    ['posthog-project', 'public', 'phc_', 'b62{41,44}'],
  ]),
  ...issuer('Honeycomb', [
    ['honeycomb-ingest', 'live', 'hcaik_ hcalk_ hcamk_', 'l36{58,64}'],
    ['honeycomb-ingest', 'live', 'hcaik_ hcalk_ hcamk_', 'l36{26} _ l36{32,64}'],
  ]),
  ...issuer('LaunchDarkly', [
    ['launchdarkly', 'live', 'api- sdk-', UUID],
    ['launchdarkly-mobile', 'public', 'mob-', UUID],
  ]),
  ...issuer('ConfigCat', [['configcat-sdk', 'public', 'configcat-sdk-1/', 'b64u{22} / b64u{22}']]),
  ...issuer('DevCycle', [
    ['devcycle-sdk', 'live', 'dvc_server_', 'b62{8,64}', { confirm: 'notAWord' }],
    ['devcycle-client', 'public', 'dvc_client_ dvc_mobile_', 'b62{8,64}'],
  ]),
  ...issuer('Aikido', [
    ['aikido-secret', 'live', 'AIK_SECRET_', 'b62{64}'],
    ['aikido-ci', 'live', 'AIK_CI_', 'b62{20,44}', { confirm: 'notAWord' }],
  ]),
  ...issuer('MaxMind', [['maxmind-license', 'live', '_mmk', '', { before: 'b62{6} _ b62{29}' }]]),
];
