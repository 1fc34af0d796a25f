import { ControlApi } from '../../../local/identity-center/control-api';
import { createTestWorld, type TestWorld } from './support';

/** A simulator with its control API, and short ways to call that. */
export interface ControlWorld extends TestWorld {
  get(what: string): Readonly<Record<string, unknown>>;
  post(what: string, body: unknown): Readonly<Record<string, unknown>>;
  /** The message of a call that must be refused with 400. */
  refused(what: string, body: unknown): string;
}

/** Calls that are expected to be taken fail the test if they are not, and the other way round. */
export function createControlWorld(): ControlWorld {
  const world = createTestWorld();
  const control = new ControlApi(world.simulator);
  const taken = (method: string, what: string, body?: unknown): Readonly<Record<string, unknown>> => {
    const answer = control.handle(method, `/_simulator/${what}`, body);
    expect([answer.statusCode, answer.body.message]).toEqual([200, undefined]);
    return answer.body;
  };
  return {
    ...world,
    get: (what) => taken('GET', what),
    post: (what, body) => taken('POST', what, body),
    refused: (what, body) => {
      const answer = control.handle('POST', `/_simulator/${what}`, body);
      expect(answer.statusCode).toBe(400);
      return String(answer.body.message);
    },
  };
}
