import { fileURLToPath } from 'node:url';
import shared from '../../vitest.shared.ts';

// The core does not export all of what is used here yet.
const core = fileURLToPath(new URL('./test/core-for-now.ts', import.meta.url));
export default {
  ...shared,
  resolve: { alias: [{ find: /^@tidelock\/core$/, replacement: core }] },
};
