import { isJsonMediaType } from '../../../core/http/media-type';
import {
  conflict,
  forbidden,
  type HttpAnswer,
  internalError,
  invalidCall,
  invalidTicket,
  methodNotAllowed,
  notFound,
  type ProblemDetails,
  tooLarge,
  unavailable,
  unsupportedMediaType,
} from '../../../core/http/problem-details';

const PROBLEM = {
  field: 'duration',
  value: '"4h"',
  problem: 'is not an ISO 8601 duration',
  remedy: 'write PT4H',
};

function detailsOf(answer: HttpAnswer): ProblemDetails {
  return JSON.parse(answer.body) as ProblemDetails;
}

describe('problem details', () => {
  test.each([
    ['invalid-ticket', 400, invalidTicket([PROBLEM])],
    ['invalid-call', 400, invalidCall([PROBLEM])],
    ['forbidden', 403, forbidden('caller auditor may not ask for access')],
    ['not-found', 404, notFound('request')],
    ['method-not-allowed', 405, methodNotAllowed(['GET', 'POST'])],
    ['conflict', 409, conflict('the key was used with another body; send another key')],
    ['too-large', 413, tooLarge(16_384)],
    ['unsupported-media-type', 415, unsupportedMediaType()],
    ['internal', 500, internalError('1-2-3')],
    ['unavailable', 503, unavailable('1-2-3', 5)],
  ])('answers %s with status %d, in the header and in the body', (kind, status, answer) => {
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(detailsOf(answer)).toMatchObject({ type: `urn:latchkey:problem:${kind}`, status });
    expect(detailsOf(answer).title).not.toBe('');
    expect(detailsOf(answer).detail).toMatch(/^[a-z][^\n]*[^.]$/);
  });

  test('counts and lists what is wrong with a ticket', () => {
    expect(detailsOf(invalidTicket([PROBLEM]))).toMatchObject({
      detail: 'there is 1 thing to correct in the ticket',
      problems: [PROBLEM],
    });
    expect(detailsOf(invalidTicket([PROBLEM, PROBLEM])).detail).toBe(
      'there are 2 things to correct in the ticket',
    );
  });

  test('carries the headers that a status asks for', () => {
    expect(methodNotAllowed(['GET', 'POST']).headers).toMatchObject({ allow: 'GET, POST' });
    expect(unsupportedMediaType().headers).toMatchObject({ accept: 'application/json' });
    expect(unavailable('1-2-3', 5).headers).toMatchObject({ 'retry-after': '5' });
  });
});

describe('isJsonMediaType', () => {
  test.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/json;charset="UTF-8"; profile=x',
    'application/vnd.ticket+json',
  ])('takes %s', (header) => {
    expect(isJsonMediaType(header)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json, text/html',
    'application/json; charset=iso-8859-1',
    'application/x-www-form-urlencoded',
  ])('does not take %s', (header) => {
    expect(isJsonMediaType(header)).toBe(false);
  });
});
