import { TidelockError } from '../errors.ts';
import type { KeyService } from '../keys/keyservice.ts';

const UNWRAP_HINT =
  'Open the file with another of its master keys, or with sops; the key stays in the file as it is.';
const WRAP_HINT = 'Leave the key out, or encrypt the file with sops.';

/** HuaweiCloud KMS keys are read, kept and named; nothing is wrapped or unwrapped with them. */
export function huaweiKeyService(): KeyService {
  const refuse = (code: 'ERR_KEY_WRAP' | 'ERR_KEY_UNWRAP') =>
    Promise.reject(
      new TidelockError(code, 'HuaweiCloud KMS is not supported', {
        hint: code === 'ERR_KEY_WRAP' ? WRAP_HINT : UNWRAP_HINT,
      }),
    );
  return {
    types: ['hckms'],
    wrap: () => refuse('ERR_KEY_WRAP'),
    unwrap: (key) => (key.type === 'hckms' ? refuse('ERR_KEY_UNWRAP') : Promise.resolve(null)),
  };
}
