import type { ControlAnswer, ControlApi } from '../identity-center/control-api';

/**
 * `/_simulator/…` over HTTP: the bodies are read as JSON, all else is the control API's. Like `/_local/…` it asks for no
 * signature; the server listens on loopback only.
 */
export class SimulatorFront {
  constructor(private readonly control: ControlApi) {}

  handle(method: string, path: string, body: Buffer): ControlAnswer {
    if (body.length === 0) return this.control.handle(method, path, undefined);
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch {
      return { statusCode: 400, body: { message: 'the body is not JSON: send a JSON object' } };
    }
    return this.control.handle(method, path, value);
  }
}
