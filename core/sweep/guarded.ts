import type { Observer } from '../ports/observer';

/** Looks at one time: a look is a read and at times a write, 5,000 of them in twenties are a few seconds. */
const AT_ONCE = 20;

/** One item's trouble must not hold up the others: it is warned of, and the answer is undefined. */
export async function guarded<T>(
  { observer }: { readonly observer: Observer },
  fields: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    observer.warn('step of a sweep failed', fields, cause);
    return undefined;
  }
}

/** The answers for all items, twenty at a time. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    answers.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(work))));
  return answers;
}
