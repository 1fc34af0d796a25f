import { AwsError } from '../aws-api/json-service';
import { checkInput, type InputOf, type Members } from './input-rules';

/** What users are described by: the members, lengths and patterns of the service model of 2020-06-15. */

const LETTERS = String.raw`\p{L}\p{M}\p{S}\p{N}\p{P}`;
const SPACES = String.raw`\t\n\r \u00a0`;

export const sensitiveText = {
  type: 'text',
  min: 1,
  max: 1024,
  pattern: String.raw`[${LETTERS}${SPACES}\u3000]+`,
} as const;

export const userName = { type: 'text', min: 1, max: 128, pattern: `[${LETTERS}]+` } as const;
export const groupName = { type: 'text', min: 1, max: 1024, pattern: `[${LETTERS}${SPACES}]+` } as const;

const primary = { type: 'boolean' } as const;
const labelled = {
  type: 'structure',
  members: { Value: sensitiveText, Type: sensitiveText, Primary: primary },
} as const;

export const extensionName = {
  type: 'text',
  min: 1,
  max: 50,
  pattern: 'aws:identitystore:[a-z]{1,20}',
} as const;

/** The attributes that a client can set, under their names in the API. */
export const USER_ATTRIBUTES = {
  UserName: userName,
  Name: {
    type: 'structure',
    members: {
      Formatted: sensitiveText,
      FamilyName: sensitiveText,
      GivenName: sensitiveText,
      MiddleName: sensitiveText,
      HonorificPrefix: sensitiveText,
      HonorificSuffix: sensitiveText,
    },
  },
  DisplayName: sensitiveText,
  NickName: sensitiveText,
  ProfileUrl: sensitiveText,
  Emails: { type: 'list', min: 1, max: 1, of: labelled },
  Addresses: {
    type: 'list',
    min: 1,
    max: 1,
    of: {
      type: 'structure',
      members: {
        StreetAddress: sensitiveText,
        Locality: sensitiveText,
        Region: sensitiveText,
        PostalCode: sensitiveText,
        Country: sensitiveText,
        Formatted: sensitiveText,
        Type: sensitiveText,
        Primary: primary,
      },
    },
  },
  PhoneNumbers: { type: 'list', min: 1, max: 1, of: labelled },
  UserType: sensitiveText,
  Title: sensitiveText,
  PreferredLanguage: sensitiveText,
  Locale: sensitiveText,
  Timezone: sensitiveText,
  Photos: {
    type: 'list',
    min: 1,
    max: 3,
    of: {
      type: 'structure',
      members: {
        Value: { ...sensitiveText, required: true },
        Type: sensitiveText,
        Display: sensitiveText,
        Primary: primary,
      },
    },
  },
  Website: sensitiveText,
  Birthdate: sensitiveText,
  Roles: { type: 'list', min: 1, max: 1, of: labelled },
  Extensions: { type: 'map', min: 1, max: 10, keys: extensionName, of: { type: 'document' } },
} as const satisfies Members;

/** A user's attributes as the API has them. */
export type UserAttributes = InputOf<typeof USER_ATTRIBUTES>;

/** The addresses of a user, in their order. */
export function addressesOf({ Emails: emails = [] }: UserAttributes): string[] {
  return emails.flatMap(({ Value: address }) => address ?? []);
}

/** What an organization file says by itself: everything else stands under `attributes`. */
const OWN_MEMBERS: readonly string[] = ['UserName', 'DisplayName'];

/** The attributes that an organization file can add to a user. */
export const FURTHER_ATTRIBUTES = Object.keys(USER_ATTRIBUTES).filter((name) => !OWN_MEMBERS.includes(name));

/** Whether something written is a map of {@link FURTHER_ATTRIBUTES} that the API could have set. */
export function areUserAttributes(written: unknown): written is UserAttributes {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return false;
  if (Object.keys(written).some((name) => !FURTHER_ATTRIBUTES.includes(name))) return false;
  try {
    checkInput(USER_ATTRIBUTES, written as Record<string, unknown>);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
