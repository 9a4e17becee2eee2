import { type ConnectionString, findConnectionStrings } from '../connection-strings.ts';
import { mask, say } from '../mask.ts';
import type { FileRule } from '../types.ts';

/** Passwords within addresses: `postgres://user:password@host`. */
export const connectionString: FileRule = {
  id: 'plaintext/connection-string',
  severity: 'error',
  title: 'A password in an address or connection string',
  docs: {
    why: 'The address says where the password fits, so nothing more is needed to use it.',
    fix: 'Change the password, and keep the address in an encrypted file or compose it from a secret.',
  },
  *check(source) {
    for (const found of source.derive(findConnectionStrings)) {
      yield {
        span: found.password,
        severity: found.local ? 'warning' : 'error',
        kind: found.kind,
        value: (source.text ?? '').slice(found.password.start, found.password.end),
        message: say`a password in ${describe(found)} (${mask((source.text ?? '').slice(found.password.start, found.password.end))})${found.local ? say`; the host is a local one` : say``}`,
        hint: say`Change the password, then keep the address in an encrypted file: tidelock encrypt -i FILE`,
      };
    }
  },
};

function describe(found: ConnectionString) {
  return found.kind === 'url' ? say`an address` : say`a connection string`;
}
