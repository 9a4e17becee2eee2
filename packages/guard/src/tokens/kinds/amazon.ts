import { issuer } from '../kind.ts';

/** Amazon, Alibaba, Tencent and Yandex. */
export const AMAZON_AND_OTHERS = [
  ...issuer('Amazon Web Services', [
    ['aws-access-key-id', 'id', 'AKIA', 'U36{16}', { confirm: 'awsKeyId' }],
    ['aws-sts-key-id', 'id', 'ASIA', 'U36{16}', { confirm: 'awsKeyId' }],
    ['aws-bearer-id', 'id', 'ABIA ACCA', 'U36{16}', { confirm: 'digitAndLetter' }],
    ['aws-bedrock-long', 'live', 'ABSK', 'b64{109,269} eq{0,2}'],
    [
      'aws-bedrock-short',
      'live',
      'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t',
      'b64{100,4000} eq{0,2}',
    ],
    [
      'aws-session-token',
      'live',
      'FwoGZXIvYXdz IQoJb3JpZ2lu FQoGZXIvYXdz',
      'b64{188,1488} eq{0,2}',
    ],
    ['aws-mws', 'live', 'amzn.mws.', 'hex{8} - hex{4} - hex{4} - hex{4} - hex{12}'],
    ['aws-lwa-secret', 'live', 'amzn1.oa2-cs.v1.', 'hex{64}'],
  ]),
  ...issuer('Alibaba Cloud', [
    ['alibaba-key-id', 'id', 'LTAI', 'b62{17,21}', { confirm: 'digitAndLetter' }],
    ['alibaba-sts-id', 'id', 'STS.', 'b62{16,64}', { confirm: 'digitAndLetter' }],
    ['alibaba-sts-token', 'live', 'CAIS', 'b64{300,1000} eq{0,2}', { near: 'alibaba aliyun' }],
  ]),
  ...issuer('Tencent Cloud', [
    ['tencent-secret-id', 'id', 'AKID', 'b62{32}', { confirm: 'digitAndLetter' }],
  ]),
  ...issuer('Yandex Cloud', [
    ['yandex-api-key', 'live', 'AQVN', 'b64u{35,38}', { near: 'yandex' }],
    ['yandex-iam-token', 'live', 't1.', 'b64ue{20,600} . b64u{86}', { near: 'yandex' }],
    ['yandex-static-key', 'live', 'YC', 'b64u{38}', { near: 'yandex' }],
  ]),
];
