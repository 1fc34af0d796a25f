import type { TestAppOptions } from './test-app';
import { withFunctionSettings } from './function-settings';
import { accountNumber } from './organizations';
import { OWNED, RolloutApp, organizationWithSets, setOf } from './rollout-app';

/** A set that stays as it is. */
const base = { 'base.yaml': 'name: Base\n' };

/** Everything that a set can have, and everything else of it. */
const RICH = `
name: Story
description: Rich
sessionDuration: PT4H
relayState: https://kept/
tags: { keep: 'yes', old: x }
awsManagedPolicies: [ReadOnlyAccess, SecurityAudit]
customerManagedPolicies: [{ name: Kept }, { name: Old }]
inlinePolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 's3:Get*', Resource: '*' }] }
permissionsBoundary: { awsManagedPolicy: PowerUserAccess }
`;
const OTHER = `
name: Story
description: Other
sessionDuration: PT2H
relayState: https://kept/
tags: { keep: 'yes', new: y }
awsManagedPolicies: [ReadOnlyAccess, ViewOnlyAccess]
customerManagedPolicies: [{ name: Kept }, { name: New }]
`;

/** Policies of a customer's that accounts have, so that a reference to them can be provisioned. */
function organization() {
  const made = organizationWithSets([{ set: setOf(1, { name: 'Base', tags: OWNED }), accounts: 1 }]);
  const policies = ['Kept', 'Old', 'New'].map((name) => ({ name, path: '/' }));
  return {
    ...made,
    accounts: made.accounts.map((account) => ({ ...account, customerManagedPolicies: policies })),
  };
}

/**
 * A set is made, given to an account, changed in every part, changed back, and taken away: every write of the admin API for permission
 * sets comes in it. May be told again and again.
 */
export class RolloutStory {
  private constructor(
    readonly world: RolloutApp,
    private readonly removeSettings: () => void,
  ) {}

  static async start(options: TestAppOptions = {}): Promise<RolloutStory> {
    const { assembly, remove } = withFunctionSettings({ prune: true });
    const world = await RolloutApp.start({
      assembly,
      organization: organization(),
      access: { permissionSets: base },
      ...options,
    });
    await world.app.advance('PT2M');
    return new RolloutStory(world, remove);
  }

  /** Answers how the set was at the end of each part. */
  async tell(): Promise<readonly unknown[]> {
    const ends: unknown[] = [];
    for (const text of [OTHER, RICH, OTHER]) {
      this.world.app.deploy({ ...base, 'story.yaml': text });
      await this.#until('current');
      ends.push(this.#seen());
      if (this.world.roles('Story').current.length === 0) this.#assign();
    }
    this.world.app.deploy(base);
    await this.#until('deleted');
    return [...ends, this.world.inService('Story')];
  }

  async stop(): Promise<void> {
    await this.world.stop();
    this.removeSettings();
  }

  /** Lets time pass until the rollouts are over and the set is as the story goes on, an hour at most. */
  async #until(wanted: string): Promise<void> {
    for (let looks = 0; looks < 360; looks += 1) {
      await this.world.app.advance('PT10S');
      const { status, rollout } = await this.world.set('Story');
      if (rollout?.running === undefined && rollout?.waiting === undefined && status === wanted) return;
    }
    throw new Error(`the set is left ${JSON.stringify(await this.world.set('Story'))}`);
  }

  /** The set without what counts how it came about. */
  #seen(): unknown {
    const { description, sessionDuration, relayState, tags, ...more } = { ...this.world.inService('Story') };
    const { managedPolicies, customerManagedPolicies, inlinePolicy, permissionsBoundary } = more;
    const { current, stale } = this.world.roles('Story');
    const attributes = { description, sessionDuration, relayState, tags };
    const policies = { managedPolicies, customerManagedPolicies, inlinePolicy, permissionsBoundary };
    return { ...attributes, ...policies, current, stale };
  }

  /** Gives the set to alice, as in the console. */
  #assign(): void {
    const {
      organization: { users },
      runtime,
    } = this.world.app;
    const { id: principalId = '' } = users.find(({ userName }) => userName === 'alice') ?? {};
    const { arn: permissionSetArn = '' } = this.world.inService('Story') ?? {};
    runtime.simulator.addAssignmentByHand({
      accountId: accountNumber(0),
      permissionSetArn,
      principalType: 'USER',
      principalId,
    });
  }
}
