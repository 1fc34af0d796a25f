import type { Random } from '../../core/ports/random';
import { accessControlAttributeHandlers } from './access-control-attributes';
import { accountAssignmentHandlers } from './account-assignments';
import { assignmentStatusHandlers } from './assignment-statuses';
import { accessDenied, rateExceeded } from './exceptions';
import { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import { instanceHandlers } from './instances';
import type { OperationEngine } from './operation-engine';
import { permissionSetPolicyHandlers } from './permission-set-policies';
import { permissionSetWriteHandlers } from './permission-set-writes';
import { permissionSetHandlers } from './permission-sets';
import { permissionsBoundaryHandlers } from './permissions-boundaries';
import { PolicyWriteTurns } from './policy-write-turns';
import { provisionHandlers } from './provisions';
import { regionHandlers } from './regions';
import type { SimulatorSettings } from './settings';
import { SimulatedService, type ServiceEnvironment } from './simulated-service';
import { tagHandlers } from './tags';
import { TokenBucket } from './token-bucket';

/** What the Identity Center admin API works on. */
export interface IdentityCenterEnvironment extends ServiceEnvironment {
  readonly engine: OperationEngine;
  readonly random: Random;
  readonly settings: SimulatorSettings;
}

/** The admin API of IAM Identity Center (`sso-admin` in the SDKs, `sso` in IAM). Its behaviour is in SPEC.md. */
export class IdentityCenterService extends SimulatedService<typeof IDENTITY_CENTER_INPUTS> {
  readonly #bucket: TokenBucket;

  public constructor(environment: IdentityCenterEnvironment) {
    const { settings, now, world } = environment;
    const bucket = new TokenBucket(settings.requestsPerSecond, settings.requestBurst, now);
    super(
      {
        name: 'identity-center',
        actionPrefix: 'sso',
        targetPrefix: 'SWBExternalService',
        inputs: IDENTITY_CENTER_INPUTS,
        handlers: {
          ...accessControlAttributeHandlers(environment),
          ...accountAssignmentHandlers(environment),
          ...assignmentStatusHandlers(environment),
          ...instanceHandlers(environment),
          ...permissionSetHandlers(environment),
          ...permissionSetPolicyHandlers(
            environment,
            new PolicyWriteTurns(now, environment.random, settings),
          ),
          ...permissionSetWriteHandlers(environment),
          ...permissionsBoundaryHandlers(environment),
          ...provisionHandlers(environment),
          ...regionHandlers(environment),
          ...tagHandlers(environment),
        },
        admit: () => {
          if (!bucket.take()) throw rateExceeded();
        },
        authorize: (caller, operation) => {
          // An organization instance is administered from the management account, or from its one delegate.
          if (caller.kind === 'member' && operation !== 'CreateInstance')
            throw accessDenied(caller, `sso:${operation}`, world.instanceArn);
        },
      },
      environment,
    );
    this.#bucket = bucket;
  }

  /**
   * Applies the rate of these settings to the calls from now on.
   * @throws Error for a rate that lets no call pass
   */
  public limitRate({ requestsPerSecond, requestBurst }: SimulatorSettings): void {
    this.#bucket.resize(requestsPerSecond, requestBurst);
  }
}
