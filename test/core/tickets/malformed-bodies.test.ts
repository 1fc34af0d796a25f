import { parseTicket } from '../../../core/tickets/parse-ticket';
import { NOW } from './bodies';
import { MALFORMED_BODIES } from './malformed-bodies';

describe('parseTicket, malformed bodies', () => {
  test('has more than a hundred of them', () => {
    expect(MALFORMED_BODIES.length).toBeGreaterThan(100);
  });

  test.each(MALFORMED_BODIES)('names the field of $case', ({ body, field }) => {
    const reading = parseTicket(body, NOW);

    expect(reading.ok ? [] : reading.problems.map((problem) => problem.field)).toContain(field);
  });

  test('shows values in at most 100 visible characters, with a problem and a remedy in the style of the project', () => {
    const problems = MALFORMED_BODIES.flatMap(({ body }) => {
      const reading = parseTicket(body, NOW);
      return reading.ok ? [] : reading.problems;
    });

    for (const { field, value, problem, remedy } of problems) {
      expect(value.length).toBeLessThanOrEqual(100);
      expect(`${field}${value}${problem}${remedy}`).not.toMatch(
        /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
      );
      expect(problem).toMatch(/^[a-z][^\n]*[^.]$/);
      expect(remedy).toMatch(/^[a-z][^\n]*[^.]$/);
    }
  });
});
