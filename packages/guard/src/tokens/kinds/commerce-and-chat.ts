import { issuer } from '../kind.ts';

/** How base64 of three digits begins: a bot's token begins with its id. */
const DISCORD_BOT_HEADS = ['MD', 'MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT']
  .flatMap((head) => Array.from('AEIMQUYcgk', (third) => head + third))
  .join(' ');

/** Shops, chat, mail and telephony. */
export const COMMERCE_AND_CHAT = [
  ...issuer('Shopify', [
    ['shopify-access', 'live', 'shpat_', 'hexi{32}'],
    ['shopify-custom', 'live', 'shpca_', 'hexi{32}'],
    ['shopify-private', 'live', 'shppa_', 'hexi{32}'],
    ['shopify-app-secret', 'live', 'shpss_', 'hexi{32}'],
    ['shopify-other', 'live', 'shpua_ shptka_ shprt_ shpit_', 'hexi{32}'],
  ]),
  ...issuer('Slack', [
    ['slack-bot', 'live', 'xoxb-', 'dig{10,13} - dig{10,13} - b62{24}'],
    ['slack-bot', 'live', 'xoxb-', 'dig{8,14} - b62{18,26}'],
    ['slack-user', 'live', 'xoxp-', 'dig{10,13} - dig{10,13} - dig{10,13} - hexi{28,34}'],
    ['slack-app-level', 'live', 'xapp-1-', 'A U36{8,12} - dig{10,14} - hex{64}'],
    ['slack-config', 'live', 'xoxe.xoxp-1- xoxe.xoxb-1-', 'b62{163,166}'],
    ['slack-refresh', 'live', 'xoxe-1-', 'b62{146}'],
    [
      'slack-legacy-workspace',
      'live',
      'xoxa- xoxr- xoxa-2-',
      'b62m{8,48}',
      { confirm: 'digitAndLetter' },
    ],
    ['slack-legacy', 'live', 'xoxo- xoxs-', 'dig{6,15} - dig{6,15} - dig{6,15} - hexi{8,64}'],
    ['slack-client-session', 'live', 'xoxc-', 'dig{9,15} - dig{9,15} - dig{9,15} - hexi{64}'],
    ['slack-client-cookie', 'live', 'xoxd-', 'pct{100,600}'],
    ['slack-webhook', 'live', 'hooks.slack.com/services/', 'T U36{7,12} / B U36{7,12} / b62{24}'],
    [
      'slack-webhook',
      'live',
      'hooks.slack.com/workflows/ hooks.slack.com/triggers/',
      'TE U36{6,12} / dig{10,20} / b62{20,40}',
    ],
    [
      'slack-webhook',
      'live',
      'hooks.slack.com/workflows/',
      'T U36{7,12} / A U36{7,12} / dig{10,20} / b62{20,40}',
    ],
    ['slack-webhook', 'live', 'hooks.slack.com/triggers/', 'T U36{7,12} / dig{10,20} / b62{20,40}'],
  ]),
  ...issuer('Discord', [
    [
      'discord-bot',
      'live',
      DISCORD_BOT_HEADS,
      'b64u{21,25} . b64u{6} . b64u{27,38}',
      { confirm: 'discordBot' },
    ],
    [
      'discord-webhook',
      'live',
      'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
      'dig{17,20} / b64u{60,80}',
    ],
  ]),
  ...issuer('Telegram', [['telegram-bot', 'live', ':AA', 'b64u{33}', { before: 'dig{8,10}' }]]),
  ...issuer('Twilio', [
    ['twilio-api-key-sid', 'id', 'SK', 'hex{32}', { near: 'twilio' }],
    ['twilio-account-sid', 'id', 'AC', 'hex{32}', { near: 'twilio' }],
  ]),
  ...issuer('SendGrid', [['sendgrid-key', 'live', 'SG.', 'b64u{22} . b64u{43}']]),
  ...issuer('Mailgun', [['mailgun-private', 'live', 'key-', 'hex{32}']]),
  ...issuer('Mailchimp', [['mailchimp-key', 'live', '-us', 'dig{1,2}', { before: 'hex{32}' }]]),
  ...issuer('Mandrill', [['mandrill-key', 'live', 'md-', 'b64u{22}', { near: 'mandrill' }]]),
  ...issuer('Brevo', [
    ['brevo-key', 'live', 'xkeysib-', 'hex{64} - b62{16}'],
    ['brevo-smtp', 'live', 'xsmtpsib-', 'hex{64} - b62{16}'],
  ]),
  ...issuer('MailerSend', [
    ['mailersend-token', 'live', 'mlsn.', 'b62{30,100}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Resend', [
    ['resend-key', 'live', 're_', 'b62{8} _ b62{24}', { confirm: 'mixedWithDigit' }],
  ]),
  ...issuer('Klaviyo', [['klaviyo-key', 'live', 'pk_', 'l36{34}', { near: 'klaviyo' }]]),
  ...issuer('ClickUp', [['clickup-token', 'live', 'pk_', 'dig{6,9} _ U36{32}']]),
  ...issuer('OneSignal', [['onesignal-key', 'live', 'os_v2_app_ os_v2_org_', 'b32l{103}']]),
];
