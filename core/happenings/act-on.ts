import type { PrincipalType } from '../assignments/assignment';
import type { Place } from '../ports/identity-center';
import type { Hint } from './hint';

/** A user or a group by its id. */
export interface PrincipalRef {
  readonly type: PrincipalType;
  readonly id: string;
}

/** Where hints lead: each asks for a look, and may be asked again for the same. */
export interface HintPorts {
  /** A run of the account's baseline; it reads the account anew, and nothing else of the organization. */
  readonly askForAccount: (accountId: string) => Promise<unknown>;
  /** The picture of the organization is not to be used again. */
  readonly outdateOrganization: () => Promise<unknown>;
  /** Whether the principal is still there, and what follows where it is not. */
  readonly heal: (principal: PrincipalRef) => Promise<unknown>;
  /** Who has these permission sets in these accounts. */
  readonly askForPlaces: (places: readonly Place[]) => Promise<unknown>;
  /** Who has what, by principal: something was changed at a place that nobody named. */
  readonly askForWalk: () => Promise<unknown>;
  /** Whether the permission sets are as their definitions say. */
  readonly askForPermissionSets: () => Promise<unknown>;
}

/** Hints that could not be acted on; the others were. Its cause is the first error, or all of them in an `AggregateError`. */
export class HintsFailedError extends Error {
  override readonly name = 'HintsFailedError';
}

/**
 * Acts on the hints of events, each once, however often it is there. One that fails keeps none of the others from being tried; then the
 * whole fails, so that whoever brought the events brings them again: acting twice does no harm.
 *
 * @throws HintsFailedError
 */
export async function actOn(ports: HintPorts, hints: readonly Hint[]): Promise<void> {
  const asked = asksOf(ports, hints);
  const ends = await Promise.allSettled(asked.map(async ({ ask }) => ask()));
  const failed = ends.flatMap((end, index) =>
    end.status === 'rejected' ? [{ what: asked[index]?.what ?? 'a hint', why: end.reason as unknown }] : [],
  );
  const [first] = failed;
  if (first === undefined) return;
  const causes = failed.map(({ why }) => why);
  throw new HintsFailedError(
    `${failed.length} of ${asked.length} hints could not be acted on: ${failed.map(({ what, why }) => `${what} (${message(why)})`).join('; ')}`,
    { cause: causes.length === 1 ? first.why : new AggregateError(causes) },
  );
}

interface Asked {
  /** For the error. */
  readonly what: string;
  readonly ask: () => Promise<unknown>;
}

function asksOf(ports: HintPorts, hints: readonly Hint[]): readonly Asked[] {
  const asked = new Map<string, Asked>();
  const places = new Map<string, Place>();
  for (const hint of hints) {
    switch (hint.kind) {
      case 'account':
        asked.set(`account ${hint.id}`, {
          what: `account ${hint.id}`,
          ask: () => ports.askForAccount(hint.id),
        });
        break;
      case 'organization':
        asked.set('organization', { what: 'organization', ask: () => ports.outdateOrganization() });
        break;
      case 'principal': {
        const { type, id } = hint;
        const what = `${type.toLowerCase()} ${id}`;
        asked.set(what, { what, ask: () => ports.heal({ type, id }) });
        break;
      }
      case 'place': {
        const { accountId, permissionSetArn } = hint;
        places.set(`${accountId} ${permissionSetArn}`, { accountId, permissionSetArn });
        break;
      }
      case 'assignments':
        asked.set('walk', { what: 'assignments', ask: () => ports.askForWalk() });
        break;
      case 'permission set':
        // One look at all of them: the definitions are compared together.
        asked.set('permission sets', { what: 'permission sets', ask: () => ports.askForPermissionSets() });
        break;
    }
  }
  if (places.size > 0) {
    asked.set('places', {
      what: `${places.size} places`,
      ask: () => ports.askForPlaces([...places.values()]),
    });
  }
  return [...asked.values()];
}

function message(why: unknown): string {
  return why instanceof Error ? why.message : String(why);
}
