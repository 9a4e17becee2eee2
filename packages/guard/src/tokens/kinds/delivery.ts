import { issuer } from '../kind.ts';

/** Package registries, build and delivery. */
export const DELIVERY = [
  ...issuer('npm', [
    ['npm-access-token', 'live', 'npm_', 'b62{36}', { checksum: 'npm' }],
    ['npm-legacy-uuid', 'live', '_authToken=', 'hex{8} - hex{4} - hex{4} - hex{4} - hex{12}'],
  ]),
  ...issuer('PyPI', [
    ['pypi-token', 'live', 'pypi-AgEIcHlwaS5vcmc', 'b64u{50,1000}'],
    ['pypi-test-token', 'test', 'pypi-AgENdGVzdC5weXBpLm9yZw', 'b64u{50,1000}'],
  ]),
  ...issuer('RubyGems', [['rubygems-key', 'live', 'rubygems_', 'hex{48}']]),
  ...issuer('crates.io', [
    ['crates-token', 'live', 'cio', 'b62{32}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('Clojars', [['clojars-token', 'live', 'CLOJARS_', 'l36{60}']]),
  ...issuer('Private Packagist', [
    ['packagist-token', 'live', 'packagist_ort_ packagist_out_ packagist_uut_', 'hex{68}'],
  ]),
  ...issuer('Docker', [
    ['docker-pat', 'live', 'dckr_pat_', 'b64u{27}'],
    ['docker-oat', 'live', 'dckr_oat_', 'b64u{32}'],
    ['docker-swarm-join', 'live', 'SWMTKN-1-', 'l36{50} - l36{25}'],
    ['docker-swarm-unlock', 'live', 'SWMKEY-1-', 'b64{43}'],
  ]),
  ...issuer('JFrog', [
    ['jfrog-api-key', 'live', 'AKCp', 'b62{68,70}'],
    ['jfrog-reference', 'live', 'cmVmd', 'b62{59}', { confirm: 'jfrogReference' }],
  ]),
  ...issuer('Cloudsmith', [['cloudsmith-key', 'live', 'csa_', 'hex{30} b62{6}']]),
  ...issuer('Segment', [['segment-token', 'live', 'sgp_', 'b62{64}']]),
  ...issuer('Sonar', [['sonar-token', 'live', 'squ_ sqp_ sqa_', 'hex{40}']]),
  ...issuer('Snyk', [['snyk-token-new', 'live', 'snyk_uat. snyk_sat.', 'b62{8} . b64ud{20,400}']]),
  ...issuer('CircleCI', [
    ['circleci-pat', 'live', 'CCIPAT_', 'b62{22} _ hex{40}'],
    ['circleci-project', 'live', 'CCIPRJ_', 'b62{22} _ hex{40}'],
  ]),
  ...issuer('Buildkite', [
    ['buildkite-user', 'live', 'bkua_', 'l36{40}'],
    ['buildkite-user', 'live', 'bkua_', 'l36{53}'],
    ['buildkite-service', 'live', 'bkaa_', 'b64u{75}'],
    ['buildkite-service', 'live', 'bkaj_', 'b64u{333}'],
    ['buildkite-service', 'live', 'bkar_ bkct_', 'b64u{73}'],
    ['buildkite-service', 'live', 'bkpt_', 'b64u{199}'],
    ['buildkite-service', 'live', 'bkpat_', 'b64u{54}'],
    ['buildkite-service', 'live', 'bkps_', 'b64u{64}'],
  ]),
  ...issuer('Mergify', [['mergify-key', 'live', 'mergify_application_key_', 'b64u{40,200}']]),
  ...issuer('Harness', [['harness-key', 'live', 'pat. sat.', 'b64u{22} . hex{24} . b62{20}']]),
  ...issuer('Octopus Deploy', [
    ['octopus-key', 'live', 'API-', 'U36{25,32}', { confirm: 'digitAndLetter' }],
  ]),
];
