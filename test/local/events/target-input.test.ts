import fc from 'fast-check';
import { compileTargetInput, InputError } from '../../../local/events/target-input';
import type { EventEnvelope } from '../../../local/events/event-envelope';

const EVENT: EventEnvelope = {
  version: '0',
  id: 'id-1',
  'detail-type': 'Type',
  source: 'aws.x',
  account: '1',
  time: '2026-12-01T08:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:one'],
  detail: { name: 'a "quoted" name', count: 3, inner: { list: [1, 2] }, 'odd key': true },
};

const CONTEXT = { ruleArn: 'arn:rule', ruleName: 'rule', at: Date.parse('2026-12-01T08:00:01.5Z') };

const input = (target: Record<string, unknown>) => compileTargetInput(target, 'Target')(EVENT, CONTEXT);
const transformed = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  input({ InputTransformer: { InputTemplate, InputPathsMap } });

describe('target input', () => {
  test('is the event itself unless told otherwise', () => {
    expect(input({})).toEqual(EVENT);
  });

  test('may be a constant', () => {
    expect(input({ Input: '{"a":1}' })).toEqual({ a: 1 });
  });

  test.each<[string, unknown]>([
    ['$', EVENT],
    ['$.detail', EVENT.detail],
    ['$.detail-type', 'Type'],
    ["$.detail['odd key']", true],
    ['$.detail.inner.list[1]', 2],
    ['$.resources[0]', 'arn:one'],
    ['$.nowhere.at.all', null],
  ])('may be the part at %s', (InputPath, part) => {
    expect(input({ InputPath })).toEqual(part);
  });
});

describe('input transformer', () => {
  const paths = {
    name: '$.detail.name',
    count: '$.detail.count',
    inner: '$.detail.inner',
    none: '$.detail.none',
  };

  test('puts values in as JSON', () => {
    expect(transformed('{"name":<name>,"count":<count>,"inner":<inner>,"none":<none>}', paths)).toEqual({
      name: 'a "quoted" name',
      count: 3,
      inner: { list: [1, 2] },
      none: null,
    });
  });

  test('puts values into texts without quotes of their own', () => {
    expect(transformed('{"text":"<name>: <count> of <inner>, \\"<none>\\""}', paths)).toEqual({
      text: 'a "quoted" name: 3 of {"list":[1,2]}, ""',
    });
  });

  test('may be one text', () => {
    expect(transformed('"<count> done"', paths)).toBe('3 done');
  });

  test('has variables of its own', () => {
    const template =
      '{"rule":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>","at":<aws.events.event.ingestion-time>,"event":<aws.events.event>,"all":<aws.events.event.json>}';
    expect(transformed(template)).toEqual({
      rule: 'rule',
      arn: 'arn:rule',
      at: '2026-12-01T08:00:01.500Z',
      event: EVENT,
      all: EVENT,
    });
  });

  test('carries any text through, inside quotes and without them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const make = compileTargetInput(
          { InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '{"a":<n>,"b":"<n>"}' } },
          'Target',
        );
        expect(make({ ...EVENT, detail: { n: name } }, CONTEXT)).toEqual({ a: name, b: name });
      }),
    );
  });

  test('that makes no JSON is an error of the delivery', () => {
    expect(() => transformed('<name> <count>', paths)).toThrow(InputError);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ Input: '{' }, /Target.Input must be JSON/],
    [{ Input: '1', InputPath: '$' }, /one of Input, InputPath/],
    [{ InputPath: '$.a[*]' }, /the path "\$\.a\[\*\]", which is not supported/],
    [{ InputPath: 'detail' }, /the path "detail"/],
    [{ InputTransformer: { InputTemplate: '<x>' } }, /uses <x>/],
    [
      { InputTransformer: { InputTemplate: '1', InputPathsMap: { 'aws.x': '$' } } },
      /must not define "aws.x"/,
    ],
  ])('%j is refused at load', (target, message) => {
    expect(() => compileTargetInput(target, 'Target')).toThrow(message);
  });
});
