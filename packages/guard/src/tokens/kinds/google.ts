import { issuer } from '../kind.ts';

export const GOOGLE = issuer('Google', [
  ['google-api-key', 'live', 'AIza', 'b64u{35}'],
  ['google-gemini-key-v2', 'live', 'AQ.Ab8RN6', 'b64u{44}'],
  ['google-oauth-client-secret', 'live', 'GOCSPX-', 'b64u{28}'],
  ['google-oauth-access', 'live', 'ya29.', 'b64ud{20,2000}', { confirm: 'digitAndLetter' }],
  ['google-oauth-refresh', 'live', '1//0', 'b64u{38,100}', { near: 'refresh google' }],
  [
    'google-oauth-client-id',
    'id',
    '.apps.googleusercontent.com',
    '',
    { before: 'dig{10,14} - l36{32}' },
  ],
  ['gcs-hmac-id', 'id', 'GOOG1E', 'U36{55}', { confirm: 'digitAndLetter' }],
  ['gcs-hmac-id', 'id', 'GOOG', 'U36{20}', { confirm: 'digitAndLetter' }],
  ['recaptcha-key', 'live', '6L', 'b64u{38}', { near: 'secret' }],
  ['fcm-server-key', 'live', 'AAAA', 'b64u{7} : b64u{140}'],
]);
