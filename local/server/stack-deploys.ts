import type { LocalAssembly } from '../assembly/local-assembly';
import type { LocalClock } from '../clock/local-clock';
import type { EventsService } from '../events/events-service';
import type { LambdaRuntime } from '../lambda/lambda-runtime';

/** What deploys are made of. */
export interface StackDeploysParts {
  readonly assembly: LocalAssembly;
  readonly clock: LocalClock;
  readonly events: Pick<EventsService, 'emit'>;
  readonly lambda: Pick<LambdaRuntime, 'functions' | 'replaceLayer'>;
  readonly uuid: () => string;
}

/** What a later deploy brings. */
export interface StackUpdate {
  /** A folder with the new content of the stack's one layer. It must stay as it is. */
  readonly layerFolder: string;
}

/**
 * Deploys of the stack as those who listen on the default bus know them: CloudFormation's own events, of the stack that `AWS::StackId`
 * names. See "CloudFormation events in EventBridge" in the CloudFormation User Guide.
 */
export class StackDeploys {
  readonly #parts: StackDeploysParts;

  constructor(parts: StackDeploysParts) {
    this.#parts = parts;
  }

  /** The stack is there. */
  created(): void {
    this.#tell(this.#parts.uuid(), ['CREATE_COMPLETE']);
  }

  /**
   * Functions that are invoked from now on see the new content; what runs is finished with the old one.
   *
   * @throws Error in one sentence where the stack has no layer or several, or the new content lacks a file that a function names
   */
  updated(update: StackUpdate): void {
    this.replaceLayer(update);
    this.#tell(this.#parts.uuid(), [
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
  }

  /** {@link updated}, and nobody is told. */
  replaceLayer({ layerFolder }: StackUpdate): void {
    const { lambda } = this.#parts;
    const [present, ...others] = new Set(lambda.functions().flatMap(({ layers }) => layers));
    if (present === undefined || others.length > 0)
      throw new Error(
        `the functions of the stack have ${present === undefined ? 'no layer' : `${others.length + 1} layers`}; content can be replaced only where they share one`,
      );
    lambda.replaceLayer(present, layerFolder);
  }

  #tell(token: string, statuses: readonly string[]): void {
    const { assembly, clock, events, uuid } = this.#parts;
    const stackId = assembly.ref('AWS::StackId');
    const leave = clock.enter('deploy of the stack');
    for (const status of statuses) {
      events.emit({
        id: uuid(),
        source: 'aws.cloudformation',
        'detail-type': 'CloudFormation Stack Status Change',
        resources: [stackId],
        detail: {
          'stack-id': stackId,
          'status-details': { status, 'status-reason': '' },
          'client-request-token': token,
        },
      });
    }
    leave();
  }
}
