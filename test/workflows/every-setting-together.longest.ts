import type { SimulatorSettings } from '../../local/identity-center/settings';
import { everyValue, leaseFromAskToEnd } from '../support/every-setting';
import { TestApp } from '../support/test-app';

/**
 * As few combinations as show every value: the first has the first of each setting, the second the second, and so on round.
 * Which value it is that breaks a story, `every-setting.longest.ts` tells, one at a time.
 */
function combinations(): Partial<SimulatorSettings>[] {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of everyValue()) values.set(name, [...(values.get(name) ?? []), value]);
  const most = Math.max(...[...values.values()].map(({ length }) => length));
  return Array.from({ length: most }, (_, index) =>
    Object.fromEntries([...values].map(([name, all]) => [name, all[index % all.length]])),
  );
}

describe('access under every value of every setting of the simulator, many at once', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.stop());

  // eslint-disable-next-line jest/expect-expect -- the story expects
  test.each(combinations().map((settings, index) => [index + 1, settings] as const))(
    'combination %i: is granted, and taken away on time',
    async (number, settings) => {
      app.runtime.simulator.changeSettings(settings);

      await leaseFromAskToEnd(app, `MANY-${number}`);
    },
  );

  test('every setting of words is among them', () => {
    expect(new Set(everyValue().map(([name]) => name)).size).toBeGreaterThan(30);
    expect(combinations().length).toBeGreaterThan(3);
  });
});
