/** Stories of weeks, and random ones: `npm run test:long`, which CI runs beside `npm test`. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.long.ts'], testTimeout: 300_000 };
