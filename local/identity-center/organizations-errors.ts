import { AwsError } from '../aws-api/json-service';

/** The errors of Organizations: code, text after the service model's description of it, and `Reason` where there is one. */

const TEXTS = {
  AccountAlreadyClosedException: 'You attempted to close an account that is already closed.',
  AccountAlreadyRegisteredException:
    'The specified account is already a delegated administrator for this AWS service.',
  AccountNotFoundException: "You specified an account that doesn't exist.",
  AccountNotRegisteredException:
    'The specified account is not a delegated administrator for this AWS service.',
  ChildNotFoundException: "You specified a child that doesn't exist.",
  ConflictException:
    'The request failed because it conflicts with the current state of the specified resource.',
  CreateAccountStatusNotFoundException:
    "We can't find a create account request with the CreateAccountRequestId that you specified.",
  DestinationParentNotFoundException:
    "We can't find the destination container (a root or OU) with the ParentId that you specified.",
  DuplicateAccountException: 'That account is already present in the specified destination.',
  DuplicateOrganizationalUnitException: 'An OU with the same name already exists.',
  MasterCannotLeaveOrganizationException: "You can't remove a management account from an organization.",
  OrganizationalUnitNotEmptyException: 'The specified OU is not empty.',
  OrganizationalUnitNotFoundException: "You specified an organizational unit that doesn't exist.",
  ParentNotFoundException: "You specified a parent that doesn't exist.",
  SourceParentNotFoundException: "We can't find a source root or OU with the ParentId that you specified.",
  TargetNotFoundException: "You specified a target that doesn't exist.",
} as const;

export function organizationsError(code: keyof typeof TEXTS): AwsError {
  return new AwsError(code, TEXTS[code]);
}

/** A limit of the organization; `reason` is the service model's name for it. */
export function constraintViolation(reason: string, text: string): AwsError {
  return new AwsError('ConstraintViolationException', text, 400, { Reason: reason });
}

/** An input that cannot be. */
export function invalidInput(reason: string, text: string): AwsError {
  return new AwsError('InvalidInputException', `You provided invalid values: ${text}`, 400, {
    Reason: reason,
  });
}

/** Organizations has a throttling exception of its own. `type`: of what there was too much. */
export function tooManyRequests(type: string): AwsError {
  return new AwsError(
    'TooManyRequestsException',
    'You have sent too many requests in too short a period of time. Try again later.',
    400,
    { Type: type },
  );
}

/** For whoever may not call Organizations, or not for this. */
export function organizationsAccessDenied(): AwsError {
  return new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
}
