import { encodeUtf8 } from '../bytes.ts';
import type { Value } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { jsonStore } from '../stores/json.ts';

/**
 * Reads the value of `set`: one JSON value of any kind, arrays included; integers stay integers.
 * @throws TidelockError ERR_SET_VALUE
 */
export function parseSetValue(text: string): Value {
  const items = memberOf(text)?.branches[0]?.items ?? [];
  const [only, ...others] = items;
  if (only?.kind !== 'entry' || others.length > 0) throw notJson();
  return only.value;
}

/** The JSON reader takes objects only, so the value is read as a member of one. */
function memberOf(text: string) {
  try {
    return jsonStore.parse(encodeUtf8(`{"value":${text}\n}`));
  } catch (error) {
    if (error instanceof TidelockError) throw notJson();
    throw error;
  }
}

function notJson(): TidelockError {
  return new TidelockError('ERR_SET_VALUE', 'Invalid set value: it is not one JSON value', {
    hint: 'Text needs double quotes of its own: \'"new password"\'.',
  });
}
