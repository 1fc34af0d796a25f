/** Unit tests sit in test/ and mirror the folders; whole stories are in test/workflows/. Types are checked by `tsc`, once. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  randomize: true,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // The app is bundled and synthesized once for all whole-workflow tests.
  globalSetup: '<rootDir>/test/support/synthesize-once.ts',
  globalTeardown: '<rootDir>/test/support/remove-synthesized.ts',
  // Template checks run once, in `npm run synth`; here they would cost 8 s a synth (see docs/architecture.md).
  setupFiles: ['<rootDir>/test/support/environment.js'],
  testTimeout: 60_000,
  // Both cores of a small machine: the default leaves one to nobody.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '800MB',
};
