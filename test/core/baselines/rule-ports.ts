import { type BaselineState, NO_BASELINE_STATE } from '../../../core/baselines/account-record';
import type { ResolveRulesPorts } from '../../../core/baselines/resolve-rules';
import type { DirectoryEntry } from '../../../core/ports/directory';
import { FakeClock, RecordingObserver } from '../../support/fake-clock';
import { OPERATE, READ } from './rules';

/** A directory, permission sets and the bindings in memory, with every look-up counted. */
export class FakeRulePorts implements ResolveRulesPorts {
  readonly clock = new FakeClock();
  readonly observer = new RecordingObserver();
  readonly lookUps: string[] = [];
  groups: DirectoryEntry[] = [{ id: 'group-1', name: 'Platform' }];
  users: DirectoryEntry[] = [{ id: 'user-1', name: 'alice', email: 'alice@example.com' }];
  sets: Record<string, string> = { Operate: OPERATE, Read: READ };
  state: BaselineState = NO_BASELINE_STATE;
  writes = 0;
  /** Called before each write: others who write the same item. */
  beforeWrite: () => void = () => undefined;

  readonly directory: ResolveRulesPorts['directory'] = {
    groupsNamed: (name) =>
      this.#looked(
        `group ${name}`,
        this.groups.filter((each) => each.name === name),
      ),
    usersNamed: (name) =>
      this.#looked(
        `user ${name}`,
        this.users.filter((each) => [each.name, each.email].includes(name)),
      ),
    group: (id) =>
      this.#looked(
        `group id ${id}`,
        this.groups.find((each) => each.id === id),
      ),
    user: (id) =>
      this.#looked(
        `user id ${id}`,
        this.users.find((each) => each.id === id),
      ),
  };

  readonly permissionSets: ResolveRulesPorts['permissionSets'] = {
    named: (name) => {
      const arn = this.sets[name];
      return this.#looked(`set ${name}`, arn === undefined ? undefined : { arn, name, sessionMs: 3_600_000 });
    },
  };

  readonly baselines: ResolveRulesPorts['baselines'] = {
    state: () => Promise.resolve(this.state),
    writeState: (next) => {
      this.beforeWrite();
      if (next.version !== this.state.version) return Promise.resolve(undefined);
      this.writes += 1;
      this.state = { ...next, version: next.version + 1 };
      return Promise.resolve(this.state);
    },
  };

  #looked<Answer>(what: string, answer: Answer): Promise<Answer> {
    this.lookUps.push(what);
    return Promise.resolve(answer);
  }
}
