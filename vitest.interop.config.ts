import { mergeConfig } from 'vitest/config';
import shared from './vitest.shared.ts';

/** Tests against the real programs. In CI a missing program is a failure, elsewhere it is said. */
export default mergeConfig(shared, {
  test: {
    include: ['**/interop/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
