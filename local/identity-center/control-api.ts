import { UnusableCall, read, resolved, usable } from './control-body';
import { driftRoutes } from './control-drift';
import { CONTROL_TOWER_EVENT, USER_CHANGE, assignmentChangeSchema, faultSchema } from './control-schema';
import { exportOrganization } from './export-organization';
import { resolveAccount, type NamedAssignment } from './names';
import type { OperationView } from './operation-views';
import type { Assignment } from './organization';
import { organizationText } from './organization-text';
import type { SimulatorSettings } from './settings';
import { SETTINGS_CHANGE, settingsText } from './settings-schema';
import type { Simulator } from './simulator';

/** The answer of a call; the body is JSON. */
export interface ControlAnswer {
  readonly statusCode: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Ended operations that are answered beside those under way. */
const RECENT_OPERATIONS = 100;

type Route = (body: unknown) => ControlAnswer['body'];

/**
 * Looking at a running simulator and changing what it does, from outside the process: settings, faults, what somebody does in
 * the console. Everything takes effect at once. It knows nothing of HTTP but methods, paths and status codes.
 */
export class ControlApi {
  readonly #simulator: Simulator;
  readonly #routes: ReadonlyMap<string, Route>;

  public constructor(simulator: Simulator) {
    this.#simulator = simulator;
    this.#routes = new Map<string, Route>([
      ['GET /_simulator/settings', () => this.#settings()],
      ['POST /_simulator/settings', (body) => this.#changeSettings(body)],
      ['GET /_simulator/faults', () => this.#faults()],
      ['POST /_simulator/faults', (body) => this.#addFault(body)],
      ['DELETE /_simulator/faults', () => this.#clearFaults()],
      ['GET /_simulator/operations', () => this.#operations()],
      ['GET /_simulator/counts', () => ({ counts: simulator.counts() })],
      ['GET /_simulator/assignments', () => ({ assignments: simulator.assignments() })],
      ['POST /_simulator/assignments', (body) => this.#changeAssignment(body)],
      [
        'GET /_simulator/organization',
        () => ({ yaml: organizationText(exportOrganization(simulator.world)) }),
      ],
      ['GET /_simulator/accounts', () => this.#accounts()],
      ['POST /_simulator/users', (body) => this.#changeUser(body)],
      ['GET /_simulator/permission-sets', () => this.#permissionSets()],
      ['GET /_simulator/events', () => this.#events()],
      ['POST /_simulator/events', (body) => this.#tellEvent(body)],
      ...driftRoutes(simulator),
    ]);
  }

  /**
   * Carries out one call: 200, 400 with a message for a body that cannot be used, or 404.
   * @param path without a query
   * @param body parsed JSON; undefined where there is none
   */
  public handle(method: string, path: string, body: unknown): ControlAnswer {
    const route = this.#routes.get(`${method} ${path}`);
    if (route === undefined) {
      const known = [...this.#routes.keys()].join(', ');
      return { statusCode: 404, body: { message: `there is no ${method} ${path}; there are ${known}` } };
    }
    try {
      return { statusCode: 200, body: route(body) };
    } catch (error) {
      if (!(error instanceof UnusableCall)) throw error;
      return { statusCode: 400, body: { message: error.message } };
    }
  }

  #settings(): ControlAnswer['body'] {
    return { settings: settingsText(this.#simulator.settings) };
  }

  #changeSettings(body: unknown): ControlAnswer['body'] {
    // What is left out of JSON is not there at all: it cannot be undefined.
    const change = read(SETTINGS_CHANGE, body, Object.keys(SETTINGS_CHANGE.shape));
    this.#simulator.changeSettings(change as Partial<SimulatorSettings>);
    return this.#settings();
  }

  #faults(): ControlAnswer['body'] {
    return { faults: this.#simulator.faults.pending() };
  }

  #addFault(body: unknown): ControlAnswer['body'] {
    const rule = read(faultSchema(body), body, ['operation', 'times', 'share', 'effect']);
    usable(() => {
      this.#simulator.faults.add(rule);
    });
    return this.#faults();
  }

  #clearFaults(): ControlAnswer['body'] {
    this.#simulator.faults.clear();
    return this.#faults();
  }

  #operations(): ControlAnswer['body'] {
    const { underWay, recent } = this.#simulator.operations(RECENT_OPERATIONS);
    return { underWay: underWay.map(withDates), recent: recent.map(withDates) };
  }

  #changeAssignment(body: unknown): ControlAnswer['body'] {
    const { add, remove } = read(assignmentChangeSchema(body), body, ['add', 'remove']);
    const simulator = this.#simulator;
    const found = (key: string, one: NamedAssignment | Assignment): Assignment =>
      'principalId' in one
        ? one
        : resolved(
            () => simulator.world.resolve(one),
            (part) => ({ body, path: [key, part] }),
          );
    if (add !== undefined) {
      const assignment = found('add', add);
      return { added: usable(() => simulator.addAssignmentByHand(assignment)) };
    }
    return { removed: remove !== undefined && simulator.removeAssignmentByHand(found('remove', remove)) };
  }

  #accounts(): ControlAnswer['body'] {
    const accounts = this.#simulator.world.accounts().map(({ id, name, state }) => ({ id, name, state }));
    return { accounts };
  }

  #changeUser(body: unknown): ControlAnswer['body'] {
    const { user, status } = read(USER_CHANGE, body, ['user', 'status']);
    const { id, userName } = resolved(
      () => this.#simulator.world.resolveUser(user),
      () => ({ body, path: ['user'] }),
    );
    this.#simulator.setUserStatus(id, status);
    return { user: { id, userName, status } };
  }

  #permissionSets(): ControlAnswer['body'] {
    const { world } = this.#simulator;
    const permissionSets = world.permissionSets().map(({ arn, name, version }) => ({
      arn,
      name,
      version,
      accounts: [...world.provisioning.ofPermissionSet(arn)].map((record) => ({
        id: record.accountId,
        version: record.version,
        roleName: record.roleName,
      })),
    }));
    return { permissionSets };
  }

  #events(): ControlAnswer['body'] {
    const events = this.#simulator.cloudEvents().map(({ event, deliveries }) => ({
      lost: deliveries.length === 0,
      deliveredAt: deliveries.map((at) => new Date(at).toISOString()),
      event,
    }));
    return { events };
  }

  #tellEvent(body: unknown): ControlAnswer['body'] {
    const { controlTower } = read(CONTROL_TOWER_EVENT, body, ['controlTower']);
    const { event, account, state } = controlTower;
    const { id, name } = resolved(
      () => resolveAccount(this.#simulator.world.accounts(), account),
      () => ({ body, path: ['controlTower', 'account'] }),
    );
    this.#simulator.controlTowerEvent({ event, accountId: id, state });
    return { controlTower: { event, account: { id, name }, state } };
  }
}

/** Instants as people, and other programs, read them. */
function withDates({ acceptedAt, endedAt, ...operation }: OperationView): object {
  return {
    ...operation,
    acceptedAt: new Date(acceptedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}
