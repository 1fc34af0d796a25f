import { askForAccountBaseline } from '../../core/baselines/ask';
import { sweepAccounts } from '../../core/baselines/sweep-accounts';
import { actOn } from '../../core/happenings/act-on';
import { readHappening } from '../../core/happenings/read-happening';
import { healPrincipal } from '../../core/healing/heal-principal';
import { askForRollout } from '../../core/permission-sets/steps';
import { askForReconciliation } from '../../core/reconcile/ask';
import { makeHandler } from '../runtime/make-handler';
import { rulePorts } from './rule-ports';

const ports = rulePorts();

/** A person who edits a permission set makes several calls; what they come to is read once an hour at most, and in any case once a day. */
const LOOK_AT_SETS_MS = 60 * 60_000;

/** Of the function's two minutes; a hundred assignments a second. */
const HEAL_MS = 90_000;

const namesUsers = ports.deployed.baselines.some(
  ({ principal }) => 'user' in principal || 'userId' in principal,
);

const hintPorts = {
  askForAccount: (accountId: string) => askForAccountBaseline(ports, accountId),
  outdateOrganization: () => ports.pictures.outdate(),
  heal: async (principal: Parameters<typeof healPrincipal>[1]) => {
    // A directory that is synchronised tells of thousands of users, whom rules hardly ever name.
    if (principal.type === 'GROUP' || namesUsers) await ports.rules.outdate();
    const { outcome } = await healPrincipal(ports, principal, ports.clock.now() + HEAL_MS);
    if (outcome === 'more')
      throw new Error(
        'some claims of a deleted principal are still open: the event is tried again, and goes on',
      );
  },
  askForPlaces: (places: NonNullable<Parameters<typeof askForReconciliation>[1]['places']>) =>
    askForReconciliation(ports, { places }),
  askForWalk: () => askForReconciliation(ports, { walk: 'principals' }),
  askForPermissionSets: async () => {
    await ports.rules.outdate();
    const { last, verifiedAt = 0 } = await ports.rollouts.read();
    const isOld = ports.clock.now() - verifiedAt >= LOOK_AT_SETS_MS;
    if (last !== undefined && isOld) await askForRollout(ports, { verify: 'report' });
  },
};

/** A tick of the schedule. */
interface Tick {
  readonly source: 'aws.events';
}

/** Hears events of what changes outside of Latchkey, and looks every 15 minutes for accounts that none told of. */
export const handler = makeHandler(async (event: unknown): Promise<void> => {
  if (isTick(event)) {
    const { asked } = await sweepAccounts({
      ...ports,
      askForEveryAccount: () => askForReconciliation(ports, { claims: true }),
    });
    if (asked > 0) ports.observer.note('accounts were found that no event told of', { accounts: asked });
    return;
  }
  await actOn(hintPorts, readHappening(event));
});

function isTick(event: unknown): event is Tick {
  return typeof event === 'object' && event !== null && (event as Partial<Tick>).source === 'aws.events';
}
