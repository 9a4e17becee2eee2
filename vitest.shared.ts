import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (name: string) =>
  fileURLToPath(new URL(`./packages/${name}/src/index.ts`, import.meta.url));

/** Tests import packages by name and get their sources, so that no build is needed to run one. */
export default defineConfig({
  resolve: {
    alias: [
      ...['core', 'git', 'guard', 'pre-commit', 'check', 'rotation-bot'].map((name) => ({
        find: new RegExp(`^@tidelock/${name}$`),
        replacement: source(name),
      })),
    ],
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/interop/**', '**/node_modules/**', '**/dist/**'],
    setupFiles: [fileURLToPath(new URL('./test/support/property-seed.ts', import.meta.url))],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
