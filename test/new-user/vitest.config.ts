import { defineConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

/** Apart from the tests, for it installs everything anew: `npm run new-user`. */
export default defineConfig({
  ...shared,
  test: { include: ['**/new-user/*.check.ts'], testTimeout: 1_800_000 },
});
