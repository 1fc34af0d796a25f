import fc from 'fast-check';
import { observer } from '../../../lambdas/runtime/make-handler';
import { invoke, valuesOf } from '../../support/invocation';

describe('measures', () => {
  test('that count events are one value for an invocation and a set of dimensions', async () => {
    // WHEN a pass makes 300 calls of one API and 20 of another
    const { metrics } = await invoke(() => {
      for (let call = 0; call < 320; call += 1)
        observer.measure('Calls', 1, { api: call % 16 === 0 ? 'ListAccountAssignments' : 'Describe' });
    });

    // THEN there are two lines, each with the sum
    expect(metrics).toHaveLength(2);
    expect(valuesOf(metrics, 'Calls')).toEqual([
      { dimensions: { service: 'latchkey', api: 'ListAccountAssignments' }, values: 20 },
      { dimensions: { service: 'latchkey', api: 'Describe' }, values: 300 },
    ]);
  });

  test('that are readings keep every value, 100 in a line, under their dimensions', async () => {
    const { metrics } = await invoke(() => {
      for (let second = 1; second <= 250; second += 1)
        observer.measure('QueueAge', second, { class: 'people' });
    });

    const written = valuesOf(metrics, 'QueueAge');
    expect(written.flatMap(({ values }) => values)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect(written.map(({ values }) => (values as unknown[]).length)).toEqual([100, 100, 50]);
    for (const { dimensions } of written)
      expect(dimensions).toEqual({ service: 'latchkey', class: 'people' });
  });

  test('have the namespace and the units of the contract', async () => {
    const { metrics } = await invoke(() => {
      observer.measure('RevokeLateness', 12.5);
      observer.measure('OperationsEnded', 1, { kind: 'create', outcome: 'succeeded' });
    });

    const definitions = metrics.flatMap(({ _aws }) => _aws.CloudWatchMetrics);
    expect(definitions.map(({ Namespace, Metrics }) => [Namespace, ...Metrics])).toEqual([
      ['Latchkey', { Name: 'RevokeLateness', Unit: 'Seconds' }],
      ['Latchkey', { Name: 'OperationsEnded', Unit: 'Count' }],
    ]);
  });

  test('of the same dimensions share a line, and those without one join the counts of log lines', async () => {
    const { metrics } = await invoke(() => {
      observer.note('operation settled');
      observer.measure('SlotsUsed', 7);
      observer.measure('Calls', 1, { api: 'DeleteAccountAssignment' });
      observer.measure('Throttles', 1, { api: 'DeleteAccountAssignment' });
    });

    expect(metrics).toEqual([
      expect.objectContaining({ service: 'latchkey', OperationSettled: 1, SlotsUsed: 7 }),
      expect.objectContaining({ api: 'DeleteAccountAssignment', Calls: 1, Throttles: 1 }),
    ]);
  });

  test('are forgotten with the invocation that they were measured in', async () => {
    await invoke(() => {
      observer.measure('Calls', 3, { api: 'ListAccountAssignments' });
      observer.measure('SlotsUsed', 3);
    });

    const { metrics } = await invoke(() => {
      observer.measure('Calls', 1, { api: 'ListAccountAssignments' });
    });

    expect(metrics).toEqual([expect.objectContaining({ Calls: 1 })]);
  });

  test('write 0 as well as any other number', async () => {
    const { metrics } = await invoke(() => {
      observer.measure('OverdueRevokes', 0);
    });
    expect(valuesOf(metrics, 'OverdueRevokes')).toEqual([{ dimensions: { service: 'latchkey' }, values: 0 }]);
  });

  test('that are no numbers are logged and stop nothing', async () => {
    const { metrics, logs } = await invoke(() => {
      observer.measure('QueueAge', Number.NaN, { class: 'bulk' });
      observer.measure('SlotsUsed', Infinity);
    });

    expect(metrics).toEqual([]);
    expect(logs).toEqual([
      expect.objectContaining({ level: 'WARN', measure: 'QueueAge', value: 'NaN' }),
      expect.objectContaining({ level: 'WARN', measure: 'SlotsUsed', value: 'Infinity' }),
    ]);
  });

  test('are written where the function fails, too', async () => {
    const { metrics, logs, error } = await invoke(() => {
      observer.measure('Calls', 1, { api: 'CreateAccountAssignment' });
      throw new Error('the table is gone');
    });

    expect(error).toEqual(new Error('the table is gone'));
    expect(logs).toEqual([expect.objectContaining({ level: 'ERROR', message: 'function failed' })]);
    expect(metrics).toEqual([expect.objectContaining({ Calls: 1 })]);
  });

  test('lose nothing, whatever is measured how often', async () => {
    const kinds = fc.constantFrom('create', 'delete', 'provision');
    const count = fc.record({ kind: kinds, outcome: fc.constantFrom('succeeded', 'failed') });
    await fc.assert(
      fc.asyncProperty(fc.array(count, { maxLength: 300 }), async (ended) => {
        const { metrics } = await invoke(() => {
          for (const dimension of ended) observer.measure('OperationsEnded', 1, dimension);
        });
        const written = valuesOf(metrics, 'OperationsEnded');
        expect(written.length).toBeLessThanOrEqual(6);
        for (const { dimensions, values } of written) {
          const { kind, outcome } = dimensions as { kind: string; outcome: string };
          expect(values).toBe(ended.filter((each) => each.kind === kind && each.outcome === outcome).length);
        }
        expect(written.reduce((sum, { values }) => sum + Number(values), 0)).toBe(ended.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('log lines', () => {
  test('are counted by their name', async () => {
    const { metrics, logs } = await invoke(() => {
      observer.note('operation settled', { kind: 'create' });
      observer.note('operation settled', { kind: 'delete' });
      observer.warn('effect did not show', { kind: 'create' }, new Error('why'));
    });

    expect(logs.map(({ level, message }) => [level, message])).toEqual([
      ['INFO', 'operation settled'],
      ['INFO', 'operation settled'],
      ['WARN', 'effect did not show'],
    ]);
    expect(metrics).toEqual([expect.objectContaining({ OperationSettled: [1, 1], EffectDidNotShow: 1 })]);
  });
});
