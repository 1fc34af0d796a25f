import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Settings, parseSettings } from '../core/settings/settings';
import type { ClockMode } from '../local/clock/local-clock';
import type { Organization } from '../local/identity-center/organization';
import { readOrganization } from '../local/identity-center/organization-file';
import { type LatencyModel, parseLatency } from '../local/identity-center/latency';
import { type LocalRuntime, type LocalRuntimeOptions, startRuntime } from '../local/server/local-runtime';
import { compileAccessDefinitions } from '../lib/access-definitions';
import { instanceParts } from '../lib/settings';
import { PROJECT_ROOT } from './bundle-functions';
import { synthesize } from './synthesize';

/** What is started with unless a person gives another. */
export const EXAMPLE_ORGANIZATION = join(PROJECT_ROOT, 'examples', 'organization.yaml');

/** What the world of a local app is made of; paths and texts as a person gives them. */
export interface LocalAppOptions {
  /** @default examples/organization.yaml */
  readonly organization?: string | undefined;
  /** What is set otherwise than `npm run configure` would. @default - nothing */
  readonly settings?: Partial<Settings>;
  /** Folder of the access definitions. @default access */
  readonly access?: string | undefined;
  readonly clock: ClockMode;
  /** `4`, `uniform:2-5` or `lognormal:4,0.6`, in seconds. @default - those of the simulator */
  readonly latency?: string | undefined;
  readonly runtime?: Omit<LocalRuntimeOptions, 'assembly' | 'organization' | 'clock'>;
}

/** A local runtime of the app as it stands in this folder. */
export interface LocalApp {
  readonly runtime: LocalRuntime;
  readonly organization: Organization;
  /**
   * Deploys anew with the access definitions as they stand in their folder now, or in another one.
   * @throws Error in one sentence for a definition that cannot be used; nothing is deployed then
   */
  deploy(access?: string): void;
  /** Stops the runtime and removes what was synthesized for it. */
  stop(): Promise<void>;
}

/**
 * Synthesizes the app in this process, for the organization that is given, and starts it. Each app has a folder of its own, so
 * that several can run beside each other.
 *
 * @throws Error in one sentence for a wrong file, option or port
 */
export async function startLocalApp(options: LocalAppOptions): Promise<LocalApp> {
  const organization = readOrganizationFile(options.organization ?? EXAMPLE_ORGANIZATION);
  const latency = options.latency === undefined ? undefined : parseLatency(options.latency);
  const accessDirectory = options.access ?? join(PROJECT_ROOT, 'access');
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const assembly = await synthesize({
      settings: { ...settingsOf(organization), ...options.settings },
      accessDirectory,
      outDirectory: join(folder, 'cdk.out'),
    });
    const runtime = await startRuntime({
      assembly,
      organization,
      clock: options.clock,
      ...options.runtime,
      ...(latency === undefined
        ? {}
        : { simulator: { ...options.runtime?.simulator, ...latencies(latency) } }),
    });
    let deploys = 0;
    return {
      runtime,
      organization,
      deploy: (access) => {
        deploys += 1;
        const { directory } = compileAccessDefinitions(
          access ?? accessDirectory,
          join(folder, `access-${deploys}`),
          instanceParts(organization.instance.arn).partition,
        );
        runtime.deploy({ layerFolder: directory });
      },
      stop: async () => {
        await runtime.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * The settings that `npm run configure -- --organization-events` would discover in this organization. Control Tower is taken to be at home
 * where Identity Center is, as in the simulator.
 */
export function settingsOf(organization: Organization): Settings {
  return parseSettings(
    {
      instanceArn: organization.instance.arn,
      identityStoreId: organization.instance.identityStoreId,
      organizationId: organization.id,
      managementAccountId: organization.managementAccountId,
      hostAccountId: organization.delegatedAdminAccountId,
      homeRegion: organization.instance.region,
      organizationEvents: true,
      controlTowerRegion: organization.instance.region,
    },
    'the organization file',
  );
}

/** @throws Error in one sentence for a file that cannot be read or used */
export function readOrganizationFile(path: string): Organization {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`the organization file ${path} cannot be read: give another with --organization`, {
      cause,
    });
  }
  return readOrganization(text, path);
}

/** One model for both kinds of assignment operations. */
export function latencies(model: LatencyModel): { createLatency: LatencyModel; deleteLatency: LatencyModel } {
  return { createLatency: model, deleteLatency: model };
}
