import type { SimulatorSettings } from '../../local/identity-center/settings';
import { everyValue, leaseFromAskToEnd } from '../support/every-setting';
import { TestApp } from '../support/test-app';

describe('access under each value of each setting of the simulator', () => {
  let app: TestApp;
  let before: SimulatorSettings;
  let story = 0;

  beforeAll(async () => {
    app = await TestApp.start();
    before = { ...app.runtime.simulator.settings };
  });

  afterAll(() => app.stop());

  afterEach(() => {
    app.runtime.simulator.changeSettings(before);
  });

  // eslint-disable-next-line jest/expect-expect -- the story expects
  test.each(everyValue())('%s %j: is granted, and taken away on time', async (name, value) => {
    app.runtime.simulator.changeSettings({ [name]: value });

    await leaseFromAskToEnd(app, `EACH-${(story += 1)}`);
  });
});
