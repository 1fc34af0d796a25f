/** Stories that take seconds each, and all combinations of something: `npm run test:long`, which CI runs beside `npm test`. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.long.ts'], testTimeout: 300_000 };
