import { Environment } from '../../lambdas/runtime/contract';
import { AssignmentItems } from '../../lambdas/runtime/ledger/assignment-items';
import { DispatcherItem } from '../../lambdas/runtime/ledger/dispatcher-item';
import { ProvisionItems } from '../../lambdas/runtime/ledger/provision-items';
import { LedgerTable } from '../../lambdas/runtime/ledger/table';
import { SdkWorkflows } from '../../lambdas/runtime/workflows';
import { ledgerTableName } from './ledger-scan';
import type { TestApp } from './test-app';

/**
 * What changes assignments and asks for provisions, as a function would that Latchkey does not have yet. What these ports read from a function's
 * environment is set for this process: whoever asks puts it back when the story is over.
 */
export function provisionPorts(app: TestApp) {
  const { runtime, organization } = app;
  const { region } = organization.instance;
  Object.assign(process.env, {
    [Environment.ledgerTable]: ledgerTableName(app),
    AWS_ENDPOINT_URL: runtime.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const machine = (name: string) => (): string =>
    `arn:aws:states:${region}:${runtime.assembly.accountId}:stateMachine:${name}`;
  const table = new LedgerTable();
  return {
    assignments: new AssignmentItems(table),
    provisions: new ProvisionItems(table),
    dispatcher: new DispatcherItem(table),
    workflows: new SdkWorkflows({
      accessRequest: machine('latchkey-access-request'),
      dispatcher: machine('latchkey-dispatcher'),
      rollout: machine('latchkey-permission-set-rollout'),
      reconcile: machine('latchkey-reconcile'),
      baseline: machine('latchkey-account-baseline'),
    }),
    clock: runtime.clock,
  };
}
