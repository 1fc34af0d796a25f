/** A day's worth of bulk work at once: `npm run test:load`, which CI runs beside `npm test`. One file, so that it has both cores. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.load.ts'], testTimeout: 300_000 };
