import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Observer } from '../../core/ports/observer';
import { OBSERVABILITY, metricName } from './contract';
import { Measurements } from './measurements';

const logger = new Logger({ serviceName: OBSERVABILITY.service });
const metrics = new Metrics({ namespace: OBSERVABILITY.namespace, serviceName: OBSERVABILITY.service });
const measurements = new Measurements(metrics);

/**
 * Log lines and counts: what happened becomes a metric name (`operation settled` → `OperationSettled`). Measures are put
 * together over an invocation; one that is no number is only logged, since measuring must not stop what is measured.
 */
export const observer: Observer = {
  note(what, fields = {}) {
    logger.info(what, { ...fields });
    metrics.addMetric(metricName(what), MetricUnit.Count, 1);
  },
  warn(what, fields, cause) {
    logger.warn(what, {
      ...fields,
      ...(cause instanceof Error ? { error: { name: cause.name, message: cause.message } } : {}),
    });
    metrics.addMetric(metricName(what), MetricUnit.Count, 1);
  },
  measure(name, value, dimension) {
    if (Number.isFinite(value)) measurements.add(name, value, dimension);
    else logger.warn('measured value is no number', { measure: name, value: String(value) });
  },
};

/**
 * Wraps what a function does into a Lambda handler: logs carry the function's request id, metrics are published at its end,
 * and an error is logged once and thrown on, so that the state machine decides.
 */
export function makeHandler<Input, Output>(
  work: (input: Input) => Promise<Output>,
): (input: Input, context: Context) => Promise<Output> {
  return async (input, context) => {
    logger.addContext(context);
    try {
      return await work(input);
    } catch (error) {
      logger.error('function failed', error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      measurements.publish();
    }
  };
}
