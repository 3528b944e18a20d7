import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    testTimeout: 60_000,
    // A second, the default, is short for a browser on two crowded cores.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
    globalSetup: ['test/services/global.ts'],
    pool: 'forks',
    // One more than cores: tests in a browser wait more than they reckon.
    maxWorkers: 3,
    // Browsers, servers and kills share two cores: one more try tells a crowded machine from a defect.
    retry: 1,
  },
})
