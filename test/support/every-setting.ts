import * as z from 'zod';

import type { SimulatorSettings } from '../../local/identity-center/settings';
import { SETTINGS_CHANGE } from '../../local/identity-center/settings-schema';
import type { TestApp } from './test-app';

/** Values of settings that are not one word of several; latencies in seconds. */
const OTHER_VALUES: Partial<{ [K in keyof SimulatorSettings]: readonly SimulatorSettings[K][] }> = {
  createLatency: [
    { kind: 'fixed', seconds: 0 },
    { kind: 'uniform', from: 30, to: 120 },
  ],
  deleteLatency: [
    { kind: 'fixed', seconds: 0 },
    { kind: 'uniform', from: 30, to: 120 },
  ],
  listLag: [{ kind: 'fixed', seconds: 5 }],
  describeLag: [{ kind: 'fixed', seconds: 5 }],
  statusListLag: [{ kind: 'fixed', seconds: 5 }],
  statusRetention: [0, 3600],
  requestsPerSecond: [5],
  outstandingAssignments: [1, 10],
  roleQuota: [2000],
  policiesPerRole: [10],
  identityStoreRequestsPerSecond: [5],
  otherOrganizationsRate: [2],
  eventLag: [{ kind: 'uniform', from: 10, to: 300 }],
  eventDuplicates: [1],
  eventLoss: [1],
  unknownAccountReason: ['Account not found.'],
};

export type SettingValue = readonly [
  setting: keyof SimulatorSettings,
  value: SimulatorSettings[keyof SimulatorSettings],
];

/** Every value that a setting of words may have, as the schema itself says, and those of the table. */
export function everyValue(): SettingValue[] {
  const words = Object.entries(SETTINGS_CHANGE.shape).flatMap(([name, schema]): SettingValue[] => {
    const inner: unknown = schema.unwrap();
    if (!(inner instanceof z.ZodEnum)) return [];
    return inner.options.map((option): SettingValue => [name as keyof SimulatorSettings, option as never]);
  });
  const others = Object.entries(OTHER_VALUES).flatMap(([name, values]) =>
    values.map((value): SettingValue => [name as keyof SimulatorSettings, value]),
  );
  return [...words, ...others];
}

/** Accounts of the example organization, and who has nothing in them yet. */
const ACCOUNT = '412345678901';
const SUSPENDED = '645678901236';

/** One lease for alice under the settings as they are: granted, refused where it has to be, and taken away on time. */
export async function leaseFromAskToEnd(app: TestApp, ticketId: string): Promise<void> {
  const id = await app.ask({
    ticket: { system: 'jira', id: ticketId },
    target: [{ account: ACCOUNT }, { account: SUSPENDED }],
    duration: 'PT1H',
  });

  await app.advance('PT10M');
  expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(true);
  expect(app.has('alice', 'ReadOnlyAccess', SUSPENDED)).toBe(false);
  expect((await app.request(id)).status).toBe('active');

  await app.advance('PT1H10M');
  expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  expect((await app.request(id)).status).toBe('ended');
}
