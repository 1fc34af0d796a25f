import { callerIdentity, findCaller } from '../../../core/policy/callers';
import { parseAccessPolicy } from '../../../core/policy/parse-access-policy';
import { rightDocument } from './policies';

const policy = parseAccessPolicy(rightDocument(), 'access/policy.yaml');

describe('findCaller', () => {
  test.each([
    ['arn:aws:iam::222233334444:role/ServiceDesk', 'service-desk'],
    ['arn:aws:iam::222233334444:role/teams/ServiceDesk', 'service-desk'],
    ['arn:aws:sts::222233334444:assumed-role/ServiceDesk/alice', 'service-desk'],
    ['arn:aws:iam::222233334444:role/Other', 'host-account'],
    ['arn:aws:iam::222233334444:user/people/bob', 'host-account'],
    ['arn:aws:iam::222233334444:root', 'host-account'],
  ])('finds for %s the entry %s', (arn, name) => {
    expect(findCaller(policy, arn)?.name).toBe(name);
  });

  test.each([
    'arn:aws:iam::999988887777:role/ServiceDesk',
    'arn:aws-cn:iam::999988887777:role/ServiceDesk',
    'arn:aws:sts::222233334444:federated-user/ServiceDesk',
    'arn:aws:iam::222233334444:role/',
    'ServiceDesk',
    '',
  ])('finds none for %s', (arn) => {
    expect(findCaller(policy, arn)).toBeUndefined();
  });

  test('tells a user from a role of the same name, and roles by case', () => {
    expect(findCaller(policy, 'arn:aws:iam::222233334444:user/ServiceDesk')?.name).toBe('host-account');
    expect(findCaller(policy, 'arn:aws:iam::222233334444:role/servicedesk')?.name).toBe('host-account');
  });
});

describe('callerIdentity', () => {
  test('drops the session name, which the caller chooses', () => {
    const arn = 'arn:aws:sts::222233334444:assumed-role/Engineer/service-desk';

    expect(callerIdentity(arn)).toEqual({
      arn: 'arn:aws:iam::222233334444:role/Engineer',
      accountId: '222233334444',
    });
  });
});
