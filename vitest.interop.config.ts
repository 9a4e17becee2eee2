import { defineConfig } from 'vitest/config';
import shared from './vitest.shared.ts';

/** Tests against the real programs. In CI a missing program is a failure, elsewhere it is said. */
export default defineConfig({
  ...shared,
  test: {
    setupFiles: shared.test?.setupFiles ?? [],
    include: ['**/interop/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
