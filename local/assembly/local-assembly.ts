/** A resource of the synthesized template, its intrinsic functions resolved to local names and ARNs. */
export interface LocalResource {
  readonly logicalId: string;
  /** `AWS::Lambda::Function` … */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The synthesized cloud assembly as the local runtime sees it. Every part of the runtime builds itself from this, so that
 * what runs on the laptop is what would deploy. An intrinsic function that is not supported stops the load with an error.
 */
export interface LocalAssembly {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** All resources of one type, in the template's order. */
  ofType(type: string): readonly LocalResource[];
  /** What `Ref` answers: a table's name, a queue's URL, a state machine's ARN …; the stack's for `AWS::StackId`. */
  ref(logicalId: string): string;
  /** What `Fn::GetAtt` answers. */
  attribute(logicalId: string, name: string): string;
  /** The folder (or file) of an asset, found by the `S3Key` of a `Code` or `Content` property. */
  assetPath(s3Key: string): string;
}
