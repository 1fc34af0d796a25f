import { arns, EVERYTHING, textOf, type Needs } from './need';

/** Operations that IAM calls otherwise. */
const ACTIONS: Readonly<Record<string, string>> = { Invoke: 'lambda:InvokeFunction' };

/**
 * What `lambda` actions need: the function, with its qualifier where the call has one. Source: the service authorization
 * reference of Lambda.
 */
export const functionsNeeds: Needs = (operation, input, { region, accountId }) => {
  const action = ACTIONS[operation] ?? `lambda:${operation}`;
  if (operation === 'ListFunctions') return [{ action, resources: EVERYTHING, statusCode: 403 }];
  const name = textOf(input, 'FunctionName');
  const qualifier = textOf(input, 'Qualifier');
  const arn =
    name === undefined || name.startsWith('arn:')
      ? name
      : // `<account>:function:<name>` is a form too.
        `arn:aws:lambda:${region}:${accountId}:function:${name.replace(/^(\d{12}:)?function:/, '')}`;
  const resource = arn === undefined || qualifier === undefined ? arn : `${arn}:${qualifier}`;
  return [{ action, resources: arns(resource), statusCode: 403 }];
};
