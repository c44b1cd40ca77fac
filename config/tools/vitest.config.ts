import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/browser-setup.ts'],
    setupFiles: ['tests/offline.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // The environment of whoever runs the tests is not part of them.
    env: { TEARSHEET_ARCHIVE: '' },
  },
});
