/** Reads at a time: enough for 2,000 reads of 10 ms in about a second, and no more than a client has connections. */
const AT_A_TIME = 20;

/** The answers for all of these, in their order; stops before the first batch for which `mayGoOn` says no. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
  mayGoOn: () => boolean = () => true,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < items.length && mayGoOn()) {
    const batch = items.slice(answers.length, answers.length + AT_A_TIME);
    answers.push(...(await Promise.all(batch.map(ask))));
  }
  return answers;
}
