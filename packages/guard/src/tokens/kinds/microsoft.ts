import { issuer } from '../kind.ts';

/** Keys of 64 bytes, of 32, and the longer ones carry a mark at a fixed place. */
const KEY_64 = { before: 'b64{76}' };
const KEY_32 = { before: 'b64{33}' };

export const MICROSOFT = [
  ...issuer('Microsoft', [
    ['azure-entra-client-secret', 'live', 'Q~', 'ent{31,34}', { before: 'ent{3} dig{1}' }],
    ['azure-storage-key', 'live', '+ASt', 'b64{5} agqw{1} ==', KEY_64],
    ['azure-cosmos-key', 'live', 'ACDb', 'b64{5} agqw{1} ==', KEY_64],
    ['azure-batch-key', 'live', '+ABa', 'b64{5} agqw{1} ==', KEY_64],
    ['azure-ml-classic-key', 'live', '+AMC', 'b64{5} agqw{1} ==', KEY_64],
    ['azure-apim-key', 'live', 'APIM', 'b64{5} agqw{1} ==', KEY_64],
    ['azure-servicebus-key', 'live', '+ASb', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-eventhub-key', 'live', '+AEh', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-relay-key', 'live', '+ARm', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-iot-key', 'live', 'AIoT', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-redis-key', 'live', 'AzCa', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-eventgrid-key', 'live', 'AZEG', 'AtoP{1} b64{5} =', KEY_32],
    ['azure-acr-key', 'live', '+ACR', 'AtoD{1} b64{5}', { before: 'b64{42}' }],
    ['azure-search-key', 'live', 'AzSe', 'AtoD{1} b62{5}', { before: 'b62{42}' }],
    ['azure-function-key', 'live', 'AzFu', 'b64u{5} agqw{1} ==', { before: 'b64u{44}' }],
    [
      'azure-devops-pat',
      'live',
      'JQQJ99 JQQJ9D JQQJ9H',
      'b62{1} AtoL{1} b62{16} AZDO b62{4}',
      { before: 'b62{52}' },
    ],
    [
      'azure-cask-key',
      'live',
      'JQQJ99 JQQJ9D JQQJ9H',
      'b62{1} AtoL{1} b62{24}',
      { before: 'b62{52}' },
    ],
    [
      'azure-cask-key',
      'live',
      'JQQJ99 JQQJ9D JQQJ9H',
      'b62{1} AtoL{1} b62{26} ==',
      { before: 'b62{52}' },
    ],
    ['azure-sas-url', 'live', '?sig= &sig= ;sig=', 'pct{43,60}', { confirm: 'azureSas' }],
    ['azure-appconfig-conn', 'live', ';Secret=', 'b64{36,100} eq{0,2}', { near: 'azconfig.io' }],
    ['azure-sb-conn', 'live', 'SharedAccessKey=', 'b64{43} ='],
    ['azure-storage-conn', 'live', 'AccountKey=', 'b64{86} =='],
    [
      'teams-webhook',
      'live',
      '.webhook.office.com/webhookb2/',
      'hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12} @ hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12} /IncomingWebhook/ hexi{32} / hexi{8} - hexi{4} - hexi{4} - hexi{4} - hexi{12}',
    ],
  ]),
  ...issuer('NuGet', [['nuget-api-key', 'live', 'oy2', 'l36{43}', { confirm: 'digitAndLetter' }]]),
];
