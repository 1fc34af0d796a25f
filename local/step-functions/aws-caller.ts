/**
 * How a state machine calls AWS: `dynamodb:*`, `events:putEvents` and `aws-sdk:*` tasks. Whoever composes the runtime
 * implements it by the services that the runtime has. Step Functions itself (`aws-sdk:sfn`) never comes here.
 *
 * `service` is the name in the resource's ARN (`dynamodb`, `eventbridge`, `ssoadmin`, `identitystore` …), `operation` the
 * API's own (`GetItem`). Input and output have the members of the API.
 */
export interface AwsCaller {
  /** Asked when a machine is created: an operation that is not there stops the creation with an error that names it. */
  supports(service: string, operation: string): boolean;

  /**
   * Makes one call. Throws `AwsError` for what the service would answer as an error. The interpreter holds the clock
   * meanwhile, so that the call must not wait for virtual time to pass.
   *
   * @param machineArn - the machine in whose name the call is made, which has permission for it already
   */
  call(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    machineArn: string,
  ): Promise<Readonly<Record<string, unknown>>>;
}
