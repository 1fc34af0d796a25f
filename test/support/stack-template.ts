import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Settings } from '../../core/settings/settings';
import { compileAccessDefinitions } from '../../lib/access-definitions';
import { FEATURE_FLAGS } from '../../lib/feature-flags';
import { LatchkeyStack, STACK_NAME } from '../../lib/latchkey.stack';
import { placeholderBundles } from './placeholder-bundles';
import { TEST_SETTINGS } from './test-settings';

/** A resource of the template as it deploys, intrinsic functions and all. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The template, as far as tests look into it. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** One caller that is a role and one that is an account, so that both show in the API's resource policy. */
const POLICY = `
callers:
  - name: service-desk
    role: arn:aws:iam::333344445555:role/tools/ServiceDesk
    may: { ask: true, read: all, revoke: all }
    trustedForRequester: true
  - name: tools
    account: '444455556666'
    may: { ask: true, read: own, revoke: own }
rules:
  - name: look
    effect: allow
    principals: { users: ['*'] }
    permissionSets: [ReadOnlyAccess]
    accounts: ['*']
    longest: PT8H
`;

/** Synthesizes the stack with placeholder bundles into a temporary folder. About a second: once a test file. */
export function synthesizeTemplate(settings: Settings = TEST_SETTINGS): StackTemplate {
  const work = mkdtempSync(join(tmpdir(), 'latchkey-stack-'));
  const accessDirectory = join(work, 'access');
  mkdirSync(accessDirectory);
  writeFileSync(join(accessDirectory, 'policy.yaml'), POLICY);
  const app = new App({
    outdir: join(work, 'cdk.out'),
    analyticsReporting: false,
    treeMetadata: false,
    postCliContext: FEATURE_FLAGS,
  });
  new LatchkeyStack(app, STACK_NAME, {
    settings,
    bundles: placeholderBundles(join(work, 'bundles')),
    access: compileAccessDefinitions(accessDirectory, join(work, 'compiled'), 'aws'),
  });
  return app.synth().getStackByName(STACK_NAME).template as StackTemplate;
}

/** The resources of one type, as `[logical id, resource]`. */
export function ofType(
  template: StackTemplate,
  type: string,
): readonly (readonly [string, TemplateResource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** One statement of a policy document. */
export interface TemplateStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** Intrinsic functions as JSON text. */
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

/** The statements of a role's inline policies, with lists where the template may have a single value. */
export function statementsOf(role: TemplateResource): readonly TemplateStatement[] {
  const policies = (role.Properties.Policies ?? []) as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Record<string, unknown>[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.map(
      (statement) =>
        ({
          ...statement,
          Action: listOf(statement.Action),
          Resource: listOf(statement.Resource),
        }) as unknown as TemplateStatement,
    ),
  );
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) =>
    typeof each === 'string' ? each : JSON.stringify(each),
  );
}
