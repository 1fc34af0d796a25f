import { validationError } from './exceptions';

const HOUR = 3_600;

/** Seconds of a session of a permission set. */
const SHORTEST = HOUR;
const LONGEST = 12 * HOUR;

/** The parts that the service's pattern allows: days, hours, minutes, seconds. */
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** What a session lasts unless its permission set says so. */
export const DEFAULT_SESSION_DURATION = 'PT1H';

/**
 * The pattern of the model lets any duration pass; the service takes one to twelve hours.
 * @throws AwsError `ValidationException`
 */
export function checkSessionDuration(text: string): void {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text) ?? [];
  const total = Number(days) * 24 * HOUR + Number(hours) * HOUR + Number(minutes) * 60 + Number(seconds);
  if (total < SHORTEST || total > LONGEST)
    throw validationError(`SessionDuration ${text} is out of range: use a duration from PT1H to PT12H`);
}
