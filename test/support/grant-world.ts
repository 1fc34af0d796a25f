import type { DecidedCall, Grant } from '../../local/iam/authorization';
import type { LogLine } from '../../local/lambda/lambda-runtime';
import type { AccessTexts } from './access-folder';
import { deadLetters, QUICK } from './adversary';
import { withFunctionSettings } from './function-settings';
import { type Place, placeAt, placesOf, ticketFor } from './places';
import { TestApp, type TicketBody } from './test-app';

const MINUTE = 60_000;

/** Plays in a world where others have played; answers what was not as it should be, in words. */
export type GrantStory = (world: GrantWorld) => Promise<string[]>;

/** The complaints that are true. */
export function complaints(found: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(found).flatMap(([text, isTrue]) => (isTrue ? [text] : []));
}

/** A request of a story. */
export interface AskedFor {
  readonly id: string;
  readonly place: Place;
}

/** What stories look at in the details of events. */
interface AnnouncedDetail {
  readonly requestId?: string;
  readonly permissionSet?: string;
  readonly account?: string;
  readonly examples?: readonly { readonly accountId: string }[];
}

/** One app in which grants of roles are taken away between stories, and what its roles were asked for. */
export class GrantWorld {
  readonly #places: readonly Place[];
  #asked = 0;

  private constructor(
    readonly app: TestApp,
    /** Since the start, or since {@link forget}. */
    readonly decided: DecidedCall[],
    readonly logged: LogLine[],
    readonly announced: {
      readonly type: string;
      readonly requestId: string;
      readonly permissionSet: string;
      /** Those that an event about accounts names. */
      readonly accounts: readonly string[];
    }[],
    private readonly removeAssembly: () => void,
  ) {
    this.#places = ['alice', 'carol', 'dave', 'erin'].flatMap((user) =>
      placesOf(app).map((place) => ({ ...place, user })),
    );
  }

  /** @param access - with rules, time is moved until they are applied, and everything was compared once. @default - as it is synthesized */
  static async start(access?: AccessTexts): Promise<GrantWorld> {
    const decided: DecidedCall[] = [];
    const logged: LogLine[] = [];
    // Sets whose files are gone are deleted: a play leaves none behind.
    const { assembly, remove } = withFunctionSettings({
      prune: true,
      mostDeletions: 100,
      mostDeletionsPercent: 100,
    });
    const app = await TestApp.start({
      assembly,
      ticks: 'all',
      simulator: {
        ...QUICK,
        eventLag: { kind: 'fixed', seconds: 2 },
        listForPrincipalByDelegatedAdmin: 'allowed',
      },
      ...(access === undefined ? {} : { access }),
      onDecision: (call) => decided.push(call),
      onLog: (line) => logged.push(line),
      // What fails on purpose is no news.
      report: () => undefined,
    });
    const announced: GrantWorld['announced'] = [];
    app.runtime.events.events.onEvent(({ event }) => {
      const { requestId = '', permissionSet = '', account, examples = [] } = event.detail as AnnouncedDetail;
      const accounts = [account, ...examples.map(({ accountId }) => accountId)].filter(
        (id) => id !== undefined,
      );
      announced.push({ type: event['detail-type'], requestId, permissionSet, accounts });
    });
    if (access !== undefined) await app.advance('PT5M');
    return new GrantWorld(app, decided, logged, announced, remove);
  }

  async stop(): Promise<void> {
    await this.app.stop();
    this.removeAssembly();
  }

  forget(): void {
    this.decided.length = 0;
    this.logged.length = 0;
  }

  /** Moves time to a second after the next sweep, so that for nearly a minute there is none. */
  async pastTheSweep(): Promise<void> {
    const { clock } = this.app.runtime;
    await clock.advance(MINUTE - (clock.now() % MINUTE) + 1_000);
  }

  /** Where the next request asks for access. */
  nextPlace(): Place {
    return placeAt(this.#places, this.#asked);
  }

  /** Asks in a place where nobody has asked before. */
  async ask(change: TicketBody = {}): Promise<AskedFor> {
    const place = this.nextPlace();
    this.#asked += 1;
    return { id: await this.app.ask(ticketFor(place, { duration: 'PT10M', ...change })), place };
  }

  has({ place }: AskedFor): boolean {
    return this.app.has(place.user, place.permissionSet, place.account);
  }

  async status({ id }: AskedFor): Promise<string> {
    return (await this.app.request(id)).status;
  }

  /** Epochs of the dispatchers that run. */
  async dispatchers(): Promise<number[]> {
    return (await this.app.running()).flatMap(({ name }) => {
      const [, epoch] = /^dispatcher-(\d+)$/.exec(name) ?? [];
      return epoch === undefined ? [] : [Number(epoch)];
    });
  }

  /** Messages in the dead-letter queue whose name has this part. */
  async deadLetters(part: string): Promise<number> {
    const counts = Object.entries(await deadLetters(this.app));
    return counts.find(([name]) => name.includes(part))?.[1] ?? 0;
  }

  /** Types of the events that told of a permission set. */
  eventsOfSet(name: string): string[] {
    return this.announced.filter(({ permissionSet }) => permissionSet === name).map(({ type }) => type);
  }

  /** Types of the events that told of an account. */
  eventsOfAccount(id: string): string[] {
    return this.announced.filter(({ accounts }) => accounts.includes(id)).map(({ type }) => type);
  }

  eventsOf({ id }: AskedFor): string[] {
    return this.announced.filter(({ requestId }) => requestId === id).map(({ type }) => type);
  }

  /** The grants that allowed something, as `<role> <statement> <action>`. */
  used(): string[] {
    const grants = this.decided.flatMap(({ role, action, answer, by }) =>
      answer === 'allowed' ? by.map(({ sid }) => `${shortRole(role)} ${sid ?? ''} ${action}`) : [],
    );
    return [...new Set(grants)].sort();
  }
}

/** `Sweep` of `FunctionsSweepRole001D02BF`, `Dispatcher` of `DispatcherWorkflowRole269921C2`. */
export function shortRole(logicalId: string): string {
  return logicalId.replace(/^Functions/, '').replace(/(Workflow)?Role[0-9A-F]{8}$/, '');
}

/** An allow statement of the template, with names for people. */
export interface NamedGrant extends Grant {
  /** `<role> <statement>`. */
  readonly name: string;
  readonly sid: string;
  readonly actions: readonly string[];
}

/** Every allow statement of the roles' inline policies, which are all that functions and machines have. */
export function grantsOf({ runtime }: TestApp): NamedGrant[] {
  return runtime.assembly.ofType('AWS::IAM::Role').flatMap(({ logicalId, properties }) => {
    const policies = (properties.Policies ?? []) as readonly {
      readonly PolicyName: string;
      readonly PolicyDocument: { readonly Statement: readonly Record<string, unknown>[] };
    }[];
    return policies.flatMap(({ PolicyName, PolicyDocument: { Statement: statements } }) =>
      statements.flatMap(({ Sid, Effect, Action }, index) =>
        Effect === 'Allow'
          ? [
              {
                role: logicalId,
                policy: `${logicalId}/${PolicyName}`,
                index,
                name: `${shortRole(logicalId)} ${String(Sid)}`,
                sid: String(Sid),
                actions: [Action].flat().map(String),
              },
            ]
          : [],
      ),
    );
  });
}

/** The one of a name, such as `Sweep AnswerTokens`. */
export function grantNamed(app: TestApp, name: string): NamedGrant {
  const found = grantsOf(app).find((grant) => grant.name === name);
  if (found === undefined) throw new Error(`the template has no allow statement "${name}"`);
  return found;
}
