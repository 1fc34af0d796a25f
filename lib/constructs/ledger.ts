import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { LedgerTable } from '../../lambdas/runtime/contract';

/** Which of the ledger's indexes (see the contract). */
export type LedgerIndex = keyof typeof LedgerTable.indexes;

/** What a function does with the ledger beside reading and writing items whole. */
export interface LedgerUse {
  /** Whether it reads all items of a request, such as the reports of its accounts. @default false */
  readonly queries?: boolean;
  /** Whether it wakes the dispatcher, or is it: the one item that is updated in place. @default false */
  readonly callsDispatcher?: boolean;
  /** @default - none */
  readonly indexes?: readonly LedgerIndex[];
}

/** Properties of {@link Ledger}. */
export interface LedgerProps {
  /** Encrypts the table. */
  readonly key: kms.IKey;
}

/**
 * The ledger: one table, single-item conditional writes only, four sparse indexes. All four are made with the first
 * deploy, since CloudFormation adds one index per update.
 */
export class Ledger extends Construct {
  public readonly table: dynamodb.Table;

  public constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: text(LedgerTable.partitionKey),
      sortKey: text(LedgerTable.sortKey),
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      // Without the ledger nobody knows which access has to be taken away: it outlives the stack.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of Object.values(LedgerTable.indexes)) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        // An index lags and is a hint: what it names is read again from the table, so that keys are enough.
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      });
    }
  }

  /**
   * What a function needs that reads and writes single items and queries the indexes named. No `Scan`, which would read every
   * request to find one, and no `DeleteItem`: what is over is marked, not removed.
   */
  public permissions({
    queries = false,
    callsDispatcher = false,
    indexes = [],
  }: LedgerUse = {}): iam.PolicyStatement[] {
    const items = new iam.PolicyStatement({
      sid: 'LedgerItems',
      actions: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        ...(queries ? ['dynamodb:Query'] : []),
        ...(callsDispatcher ? ['dynamodb:UpdateItem'] : []),
      ],
      resources: [this.table.tableArn],
    });
    if (indexes.length === 0) return [items];
    return [
      items,
      new iam.PolicyStatement({
        sid: 'LedgerIndexes',
        actions: ['dynamodb:Query'],
        resources: indexes.map((index) => `${this.table.tableArn}/index/${LedgerTable.indexes[index].name}`),
      }),
    ];
  }
}

function text(name: string): dynamodb.Attribute {
  return { name, type: dynamodb.AttributeType.STRING };
}

/** Use of the stack's key by way of DynamoDB (items) and SQS (dead letters), and in no other way. */
export function keyPermissions(stack: Stack, key: kms.IKey): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'StackKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': ['dynamodb', 'sqs'].map(
          (service) => `${service}.${stack.region}.${stack.urlSuffix}`,
        ),
      },
    },
  });
}
