/** The published package has no declarations; this is what is used of it. */
declare module 'asl-validator' {
  interface AslProblem {
    readonly 'Error code': string;
    readonly Message: string;
    readonly schemaError?: { readonly instancePath: string; readonly schemaPath: string };
  }
  function validate(
    definition: unknown,
    options: { readonly checkArn: boolean; readonly checkPaths: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly AslProblem[] };
  export = validate;
}
