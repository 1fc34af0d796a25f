/** Every fault of every call, and every order of waking: `npm run test:longest`, some minutes, beside what CI runs. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.longest.ts'], testTimeout: 300_000 };
