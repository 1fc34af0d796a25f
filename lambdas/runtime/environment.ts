import { readFileSync } from 'node:fs';
import type { DeployedBaselines } from '../../core/baselines/baseline';
import type { PermissionSetDefinition } from '../../core/permission-sets/definition';
import type { AccessPolicy } from '../../core/policy/access-policy';
import { type Settings, parseSettings } from '../../core/settings/settings';
import { Environment } from './contract';

/** A variable that the infrastructure sets; its absence is a fault of the deployment and names the variable. */
export function requireEnvironment(name: keyof typeof Environment): string {
  const value = process.env[Environment[name]];
  if (value === undefined || value === '') {
    throw new Error(`environment variable ${Environment[name]} is not set: deploy the function with it`);
  }
  return value;
}

/** The settings that the function was deployed with. */
export function readSettings(): Settings {
  return parseSettings(JSON.parse(requireEnvironment('settings')), Environment.settings);
}

/** The access definitions that a function was deployed with; they were checked at synth. */
export interface AccessDefinitions {
  readonly policy: AccessPolicy;
  /** SHA-256 of the policy. */
  readonly hash: string;
}

/** Reads them from the layer. */
export function readAccessDefinitions(): AccessDefinitions {
  return JSON.parse(readFileSync(requireEnvironment('accessFile'), 'utf8')) as AccessDefinitions;
}

/** The permission sets that a function was deployed with; they were checked at synth. */
export interface PermissionSetDefinitions {
  readonly definitions: readonly PermissionSetDefinition[];
  /** `definitionsHash` of them. */
  readonly hash: string;
}

/** Reads them from the layer. */
export function readPermissionSetDefinitions(): PermissionSetDefinitions {
  return JSON.parse(
    readFileSync(requireEnvironment('permissionSetsFile'), 'utf8'),
  ) as PermissionSetDefinitions;
}

/** Reads the baselines that a function was deployed with; they were checked at synth. */
export function readBaselines(): DeployedBaselines {
  return JSON.parse(readFileSync(requireEnvironment('baselinesFile'), 'utf8')) as DeployedBaselines;
}
