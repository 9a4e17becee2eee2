import { issuer } from '../kind.ts';

const UUID = 'hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12}';

/** Everything that people work with in a browser, and social networks. */
export const SERVICES = [
  ...issuer('Linear', [
    ['linear-key', 'live', 'lin_api_', 'b62{40}'],
    ['linear-oauth', 'live', 'lin_oauth_', 'hex{64}'],
  ]),
  ...issuer('Notion', [
    ['notion-token', 'live', 'ntn_', 'dig{11} b62{35}'],
    ['notion-legacy', 'live', 'secret_', 'b62{43}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Airtable', [['airtable-pat', 'live', 'pat', 'b62{14} . hex{64}']]),
  ...issuer('Asana', [['asana-pat', 'live', '1/ 2/', 'dig{16} / dig{16} : hex{32}']]),
  ...issuer('Figma', [['figma-pat', 'live', 'figd_ figu_ figo_', 'b64u{38,42}']]),
  ...issuer('Postman', [
    ['postman-key', 'live', 'PMAK-', 'hexi{24} - hexi{34}'],
    ['postman-collection', 'live', 'PMAT-', 'b62{26}'],
  ]),
  ...issuer('Typeform', [
    ['typeform-token', 'live', 'tfp_', 'b64ud{44,59}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Contentful', [['contentful-pat', 'live', 'CFPAT-', 'b64u{43}']]),
  ...issuer('Frame.io', [['frameio-token', 'live', 'fio-u-', 'b64ue{64}']]),
  ...issuer('HubSpot', [
    ['hubspot-pat', 'live', 'pat-na1- pat-na2- pat-na3- pat-eu1- pat-ap1- pat-au1- pat-ca1-', UUID],
  ]),
  ...issuer('Beamer', [['beamer-token', 'live', 'b_', 'b64ue{44}', { near: 'beamer' }]]),
  ...issuer('Salesforce', [['salesforce-session', 'live', '00D', 'b62{12} ! b62d{80,260}']]),
  ...issuer('Adobe', [['adobe-client-secret', 'live', 'p8e-', 'b64u{32}']]),
  ...issuer('ReadMe', [['readme-key', 'live', 'rdme_', 'l36{70}']]),
  ...issuer('Prefect', [['prefect-key', 'live', 'pnu_ pnb_', 'b62{36}']]),
  ...issuer('Meta', [
    ['facebook-access', 'live', 'EAA', 'b62{100,300}', { confirm: 'mixedWithDigit' }],
    ['facebook-app-token', 'live', '|', 'b64u{27}', { before: 'dig{15,16}' }],
    ['instagram-token', 'live', 'IGQV IGAA', 'b64u{100,250}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('Pinterest', [
    ['pinterest-token', 'live', 'pina_', 'b64u{20,200}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('X', [
    [
      'twitter-bearer',
      'live',
      'AAAAAAAAAAAAAAAAAAAAAA',
      'pct{68,120}',
      { confirm: 'twitterBearer' },
    ],
  ]),
  ...issuer('Lichess', [
    ['lichess-token', 'live', 'lip_', 'b62{16,60}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('42', [['intra42-secret', 'live', 's-s4t2ud- s-s4t2af-', 'hex{64}']]),
  ...issuer('SettleMint', [
    ['settlemint', 'live', 'sm_aat_ sm_pat_ sm_sat_', 'b62{16}', { confirm: 'notAWord' }],
  ]),
];
