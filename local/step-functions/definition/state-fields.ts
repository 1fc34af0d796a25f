import type { QueryLanguage } from '../query/query';

/** The types of states. */
export const STATE_TYPES = ['Task', 'Pass', 'Wait', 'Choice', 'Map', 'Parallel', 'Succeed', 'Fail'] as const;

/** The type of a state. */
export type StateType = (typeof STATE_TYPES)[number];

/** `QueryLanguage` may stand in every state; whether it fits the machine's is checked elsewhere. */
const EVERY = ['Type', 'Comment', 'QueryLanguage'];
const NEXT = ['Next', 'End'];
/** JSONata has neither: `Arguments` and `Output` say both. */
const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['ResultSelector', 'ResultPath'];
/** Only states that do something can fail in a way that is worth a retry. */
const RECOVERY = ['Retry', 'Catch'];
/** Fields of a Map in both languages. In JSONata each of its numbers may be an expression. */
const MAP = [
  'ItemProcessor',
  'ItemSelector',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

/** Which fields a state of a type may have, by language. */
const FIELDS: Record<QueryLanguage, Record<StateType, readonly string[]>> = {
  JSONPath: {
    Task: [
      ...[...NEXT, ...PATHS, ...RESULT, ...RECOVERY, 'Resource', 'Parameters', 'Assign'],
      ...['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
    ],
    Pass: [...NEXT, ...PATHS, 'Result', 'Parameters', 'ResultPath', 'Assign'],
    Wait: [...NEXT, ...PATHS, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath', 'Assign'],
    Choice: [...PATHS, 'Choices', 'Default', 'Assign'],
    Map: [
      ...[...NEXT, ...PATHS, ...RESULT, ...RECOVERY, ...MAP, 'Iterator', 'ItemsPath', 'Parameters', 'Assign'],
      ...['MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
    ],
    Parallel: [...NEXT, ...PATHS, ...RESULT, ...RECOVERY, 'Branches', 'Parameters', 'Assign'],
    Succeed: PATHS,
    Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
  },
  JSONata: {
    Task: [
      ...NEXT,
      ...RECOVERY,
      'Resource',
      'Arguments',
      'Output',
      'Assign',
      'TimeoutSeconds',
      'HeartbeatSeconds',
    ],
    Pass: [...NEXT, 'Output', 'Assign'],
    Wait: [...NEXT, 'Seconds', 'Timestamp', 'Output', 'Assign'],
    Choice: ['Choices', 'Default', 'Output', 'Assign'],
    Map: [...NEXT, ...RECOVERY, ...MAP, 'Items', 'Output', 'Assign'],
    Parallel: [...NEXT, ...RECOVERY, 'Branches', 'Arguments', 'Output', 'Assign'],
    Succeed: ['Output'],
    Fail: ['Error', 'Cause'],
  },
};

/** Fields of the service that this interpreter knows and does not run, with what they would need. */
export const UNSUPPORTED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['Credentials', 'cross-account roles'],
  ['ItemReader', 'Distributed Map'],
  ['ItemBatcher', 'Distributed Map'],
  ['ResultWriter', 'Distributed Map'],
  ['Label', 'Distributed Map'],
]);

/** Which fields a state of this type and language may have. */
export function fieldsOf(type: StateType, language: QueryLanguage): readonly string[] {
  return [...EVERY, ...FIELDS[language][type]];
}
