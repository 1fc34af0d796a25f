/** Stories of weeks, random ones, and every single one of something: `npm run test:longest`, some minutes, which CI does not run. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.longest.ts'], testTimeout: 300_000 };
