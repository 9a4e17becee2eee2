import { backupOf, makeSealingKey } from '../support/sealing.ts';
import type { SecretStores } from './secret-stores.ts';
import type { Stage } from './stage.ts';

/** What a document needs beside programs: `fake=NAME` puts it on the stage. */
export const PROPS: ReadonlyMap<string, (stage: Stage) => SecretStores> = new Map([
  ['controller', controller],
]);

/** A controller of Sealed Secrets before and after it renewed its key: certificates, and backups of its keys. */
function controller(stage: Stage): SecretStores {
  const [old, renewed] = [makeSealingKey({ daysOld: 40 }), makeSealingKey({ daysOld: 1 })];
  const write = (name: string, text: string) => stage.write(name, text.trimEnd().split('\n'));
  write('cert.pem', old.cert);
  write('~/controller/renewed.pem', renewed.cert);
  write('~/controller/secrets.yaml', backupOf([old]));
  write('~/controller/renewed-secrets.yaml', backupOf([old, renewed]));
  return { env: {}, close: async () => undefined };
}
