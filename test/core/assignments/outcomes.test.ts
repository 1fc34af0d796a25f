import * as fc from 'fast-check';
import {
  type FailureClass,
  type Refusal,
  type RefusalClass,
  classifyFailure,
  classifyRefusal,
} from '../../../core/assignments/outcomes';

const GONE =
  "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key EntitlementKey{accessorId=AccessorId{value=1}}";
const NOT_READY =
  "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account '111122223333' takes longer than usual. Please try again in a few minutes.";
const RACE = 'Received a 404 status error: Assignment not found.';
const PROPAGATION =
  'Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to complete. IAM Error: User: x is not authorized to perform: iam:UpdateSAMLProvider';
const NO_USER =
  'Received a 404 status error: the USER assignee 906799d2 was not found in directory d-1234567890.';
const NO_POLICY = 'Received a 404 status error: Not supported policy arn:aws:iam::111122223333:policy/x';
const NO_ROOM = 'Received a 409 status error: Cannot exceed quota for RolesPerAccount: 1000';

describe('the reason of an operation that failed', () => {
  test.each<[string, FailureClass, FailureClass]>([
    [GONE, 'terminal', 'done'],
    [NOT_READY, 'retry', 'retry'],
    [RACE, 'retry', 'retry'],
    [PROPAGATION, 'retry slowly', 'retry'],
    [NO_USER, 'terminal', 'retry'],
    [NO_POLICY, 'terminal', 'retry'],
    [NO_ROOM, 'terminal', 'retry'],
    ['', 'terminal', 'retry'],
    ['something that nobody has seen yet', 'terminal', 'retry'],
  ])('“%s” is %s for a create and %s for a delete', (reason, create, del) => {
    expect(classifyFailure('create', reason)).toBe(create);
    expect(classifyFailure('delete', reason)).toBe(del);
  });

  test('never ends a delete, unless it says that there is nothing to delete', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', GONE, NO_USER, RACE), (noise, text) => {
        const outcome = classifyFailure('delete', noise + text);

        expect(outcome).toBe(text === GONE ? 'done' : 'retry');
      }),
    );
  });
});

const refusal = (name: string, changes: Partial<Refusal> = {}): Refusal => ({
  name,
  message: 'no',
  fault: 'client',
  ...changes,
});

describe('the error of a call', () => {
  test.each<[string, RefusalClass]>([
    ['ThrottlingException', 'not accepted'],
    ['TooManyRequestsException', 'not accepted'],
    ['ConflictException', 'not accepted'],
    ['ServiceQuotaExceededException', 'not accepted, slowly'],
    ['ExpiredTokenException', 'not accepted, slowly'],
    ['ResourceNotFoundException', 'terminal'],
    ['ValidationException', 'terminal'],
    ['AccessDeniedException', 'terminal'],
  ])('%s of a create is %s', (name, outcome) => {
    expect(classifyRefusal('create', refusal(name))).toBe(outcome);
  });

  test.each([
    refusal('InternalServerException', { fault: 'server' }),
    refusal('TimeoutError', { fault: 'none' }),
  ])('$name may have been accepted', (unknown) => {
    expect(classifyRefusal('create', unknown)).toBe('unknown');
    expect(classifyRefusal('delete', unknown)).toBe('unknown');
  });

  test('never ends a delete', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ValidationException', 'AccessDeniedException', 'ConflictException', 'Whatever'),
        fc.constantFrom('client', 'server', 'none'),
        (name, fault) => {
          expect(classifyRefusal('delete', refusal(name, { fault }))).not.toBe('terminal');
        },
      ),
    );
  });

  test('says nothing about the assignment where a key cannot be used, whatever it is called', () => {
    const reasons = [
      'KMS_AccessDeniedException',
      'KMS_DisabledException',
      'KMS_InvalidKeyUsageException',
      'KMS_InvalidStateException',
      'KMS_NotFoundException',
      'KMS_OptInRequired',
    ];
    const names = [
      'ResourceNotFoundException',
      'AccessDeniedException',
      'ValidationException',
      'ThrottlingException',
    ];

    for (const reason of reasons) {
      for (const name of names) {
        expect(classifyRefusal('create', refusal(name, { reason }))).toBe('not accepted, slowly');
        expect(classifyRefusal('delete', refusal(name, { reason }))).toBe('not accepted, slowly');
      }
    }
  });
});
