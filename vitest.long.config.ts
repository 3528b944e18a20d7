import { defineConfig } from 'vitest/config'

/** Soak, fuzz and long runs; called by `npm run test:long`, never by `npm test`. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    globalSetup: ['test/services/global.ts'],
    pool: 'forks',
    maxWorkers: 1,
  },
})
