import { issuer } from '../kind.ts';

const UUID = 'hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12}';

export const PAYMENTS = [
  ...issuer('Stripe', [
    ['stripe-secret-live', 'live', 'sk_live_', 'b62{10,128}', { confirm: 'notAWord' }],
    ['stripe-restricted-live', 'live', 'rk_live_', 'b62{10,128}', { confirm: 'notAWord' }],
    ['stripe-secret-test', 'test', 'sk_test_ rk_test_', 'b62{10,128}', { confirm: 'notAWord' }],
    ['stripe-publishable', 'public', 'pk_live_ pk_test_', 'b62{10,128}', { confirm: 'notAWord' }],
    ['stripe-webhook', 'live', 'whsec_', 'b64{32,64} eq{0,2}', { confirm: 'notAWord' }],
    ['stripe-org-key', 'live', 'sk_org_', 'b62{20,128}', { confirm: 'notAWord' }],
  ]),
  ...issuer('Clerk', [
    ['clerk-secret', 'live', 'sk_live_', 'b62{32,50}', { near: 'clerk' }],
    ['clerk-secret-test', 'test', 'sk_test_', 'b62{32,50}', { near: 'clerk' }],
  ]),
  ...issuer('WorkOS or Highnote', [
    ['workos-highnote-key', 'live', 'sk_live_a2V5Xz', 'b64{60,69} eq{0,2}'],
  ]),
  ...issuer('Paddle', [
    ['paddle-api-key', 'live', 'pdl_live_apikey_', 'l36{26} _ b62{22} _ b62{3}'],
    ['paddle-api-key-sandbox', 'test', 'pdl_sdbx_apikey_', 'l36{26} _ b62{22} _ b62{3}'],
  ]),
  ...issuer('Braintree', [
    ['paypal-braintree', 'live', 'access_token$production$', 'l36{16} $ hex{32}'],
    ['paypal-braintree-sandbox', 'test', 'access_token$sandbox$', 'l36{16} $ hex{32}'],
  ]),
  ...issuer('Square', [
    ['square-access', 'live', 'EAAA', 'b64u{60}', { confirm: 'mixedWithDigit' }],
    ['square-oauth', 'live', 'sq0atp-', 'b64u{22}'],
    ['square-oauth-secret', 'live', 'sq0csp-', 'b64u{43}'],
    ['square-oauth-secret-sandbox', 'test', 'sandbox-sq0csb-', 'b64u{43}'],
    ['square-application-id', 'id', 'sq0idp-', 'b64u{22}'],
  ]),
  ...issuer('Adyen', [['adyen-api-key', 'live', 'AQE', 'b64x{97,197} eq{0,2}', { near: 'adyen' }]]),
  ...issuer('Mollie', [
    ['mollie-key', 'live', 'live_', 'b62{30}', { near: 'mollie' }],
    ['mollie-key-test', 'test', 'test_', 'b62{30}', { near: 'mollie' }],
  ]),
  ...issuer('GoCardless', [
    ['gocardless-token', 'live', 'live_', 'b64ue{40}', { near: 'gocardless' }],
  ]),
  ...issuer('Lob', [
    ['lob-key', 'live', 'live_', 'hex{35}', { near: 'lob' }],
    ['lob-key-test', 'test', 'test_', 'hex{35}', { near: 'lob' }],
    ['lob-publishable', 'public', 'live_pub_ test_pub_', 'hex{31}'],
  ]),
  ...issuer('Razorpay', [
    ['razorpay-key-id', 'id', 'rzp_live_ rzp_test_', 'b62{14}', { confirm: 'notAWord' }],
  ]),
  ...issuer('Midtrans', [
    ['midtrans-server', 'live', 'Mid-server-', 'w{10,30}', { confirm: 'notAWord' }],
    ['midtrans-server-sandbox', 'test', 'SB-Mid-server-', 'w{10,30}'],
  ]),
  ...issuer('Flutterwave', [
    ['flutterwave-secret', 'live', 'FLWSECK-', 'l36{32} -X'],
    ['flutterwave-secret-test', 'test', 'FLWSECK_TEST-', 'l36{32} -X'],
  ]),
  ...issuer('Duffel', [
    ['duffel-token', 'live', 'duffel_live_', 'b64ue{43}'],
    ['duffel-token-test', 'test', 'duffel_test_', 'b64ue{43}'],
  ]),
  ...issuer('EasyPost', [
    ['easypost-key', 'live', 'EZAK', 'b62{54}'],
    ['easypost-key-test', 'test', 'EZTK', 'b62{54}'],
  ]),
  ...issuer('Shippo', [
    ['shippo-token', 'live', 'shippo_live_', 'hexi{40}'],
    ['shippo-token-test', 'test', 'shippo_test_', 'hexi{40}'],
  ]),
  ...issuer('Plaid', [
    ['plaid-access', 'live', 'access-production-', UUID],
    ['plaid-access-test', 'test', 'access-sandbox- access-development-', UUID],
  ]),
  ...issuer('Asaas', [
    ['asaas-token', 'live', '$aact_prod_', 'b64x{20,180} eq{0,2}'],
    ['asaas-token-sandbox', 'test', '$aact_hmlg_', 'b64x{20,180} eq{0,2}'],
  ]),
  ...issuer('Mercury', [
    ['mercury-token', 'live', 'mercury_production_', 'al{3,6} _ b62{40,50} _yrucrem'],
  ]),
  ...issuer('Ramp', [
    ['ramp-secret', 'live', 'ramp_sec_', 'b62{48}'],
    ['ramp-client-id', 'id', 'ramp_id_', 'b62{40}'],
  ]),
  ...issuer('Coinbase', [
    ['coinbase-cdp-key', 'id', 'organizations/', `${UUID} /apiKeys/ ${UUID}`],
  ]),
  ...issuer('Polar', [
    [
      'polar-token',
      'live',
      'polar_oat_ polar_pat_ polar_at_ polar_rt_ polar_cs_ polar_at_u_ polar_at_o_ polar_rt_u_ polar_rt_o_',
      'b62{43}',
      { checksum: 'polar' },
    ],
  ]),
];
