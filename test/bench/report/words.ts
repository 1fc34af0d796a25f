/** The words of docs/benchmarks.md, as Markdown; the figures are in the tables. */

export const INTRODUCTION = `Everything here but two sections (a decision, the local runtime) is **simulated**, in virtual time; nothing was run against AWS. How long an assignment really takes has no published distribution, so every figure is given for five models of it (L). The simulation runs the dispatcher that deploys: \`runPass\` of \`core/dispatcher\`, with everything around it played.

\`npm run bench\` makes every figure and both plots anew and writes this file; \`npm run bench -- --quick\` is the smoke test that checks the counts. The same seeds give the same runs on every machine; only the section on decisions depends on it.`;

export const METHOD = `An event heap moves a clock from instant to instant; between two events everything that can go on does. The service is one object for all designs. A call takes a round trip; the rate (a token bucket, other clients' calls too) is counted on its arrival; a create or delete is refused while as many as there are slots are outstanding, and with a conflict while another one on the same account and permission set is under way. The latency of an operation is drawn for its assignment, so that every design meets the same ones. New request ids appear in the status lists late. The service knows what exists, and that is what counts at the end:

- **lost**: not there when all is over, or the design never says what became of it
- **wrong**: said to be done and not there, or given up and there all the same
- **limit**: the longest of three times, with the very latencies of the run: every slot filled again at the instant at which it comes free until the last operation ends, in the order of the work; two calls for each, the create and one that proves its outcome, at the full rate; the operations on one role one after the other. It is what these quotas allow to one who does not know the latencies beforehand, not a bound that nobody could ever beat: where latencies vary the last ones are a tail in which slots stay empty (2 to 3 % of the limit at 1,200 operations of lognormal 4 s), and a luckier order has a shorter one

Sizes up to 1,200 are run with ten seeds, 10,000 with three. Less is spent where a seed changes least: at 10,000 the constant latencies and the unlimited fan-out have one seed, at 100 and 1,200 L = 60 s has three; figures are medians with their range, or counts over all seeds. 1,200 is the shape of the one published field test (60 accounts, 20 assignments each). Tickets of people (one account, a permission set of their own) arrive at random instants amid the bulk work: for 10,000 in the same runs, sixty for each L; for less in runs of their own, twenty in each (two seeds of Latchkey, one for L = 60 s and of the peers), since twenty more would change the time of a hundred.

The bulk work is a rule's: \`baseline\` claims, without an end and without anybody who waits. Of these a create is believed by its status alone (\`Describe\` said \`SUCCEEDED\`); the next reconciliation reads them all. What a person waits for is read back before it is told, and so is every revoke, every lost operation that was found again, and every create that was refused or failed before (\`needsReadBack\` in \`core/assignments/operations.ts\`): that is one look more each. So tickets are read back in every table, and bulk work only in the one of large requests, whose leases are, apart from rules, the bulk work that there is today.

Latchkey's runs play the state machine (its transitions, whole seconds of *Wait*, retries), the start of the function, its hard timeout, the sweep, and the ledger with its indexes. Its work is written before the clock starts. The small sizes have as few accounts as leave all slots usable.`;

export const DESIGNS = `The loops of the peers are re-stated from their sources, each in one file of \`test/bench/designs/\`, with the retries that their SDKs make:

- **codepipeline-auto-assignment** (aws-samples, version 3): ten threads send creates, one thread follows them in order every 0.5 s; five tries by boto, five rounds around them. boto's own rate limit ("adaptive") is left out, so its throttles are an upper estimate.
- **Step Functions Map**: ten at a time, each create, wait for 5 s, describe, until it has ended; six retries. That is what a first draft looks like. Limits of history and payload are left aside.
- **Terraform** provider: list, create, 10 s, then polls after 5 and 10 s, list; ten at a time.
- **identity-center-extensions** (aws-samples): a FIFO queue with ten lanes by the last digit of the account, one message at a time in each, a fixed sleep of 15 s.
- **org-formation**: one assignment after the other, polls every 2 s.
- **unlimited fan-out**: an execution for each assignment, all at once, retries for 93 s; what tools for single requests do when many come.`;

export const READING = `Makespan: from the first call for the dispatcher to the last grant that was told. Calls are all admin calls, refused ones too; looks are \`ListAccountAssignments\` (standing looks before a create, read-backs after it), counted apart. Cost is that of state transitions, functions, table and queue; designs that run on a workstation or a build server have none here. A peer that lost work has the makespan of the rest, which is no achievement.`;

export const LEASES = `The tables above have a rule's claims as their bulk work. The same 1,200 operations as leases of 20 requests, each for one permission set and group in 60 accounts, have one look more each: its effect is read back before it is told. Where the slots bind, that costs nothing. At L = 2 s the rate binds: some 3.3 calls each, looks counted, at the 18 a second that the dispatcher allows itself take longer than 15 slots need for 2 s each. Makespan is until the ledger has the proof of the last one; a request is told when it is answered, counted from the proof of its last account.`;

export const TELLING = `After its slot, amid bulk work of Latchkey: how long after the end of its operation in Identity Center the ledger has the proof of a ticket (polls, the read-back, the write), and how long after that the waiting request is answered (its report, its reading, the answer; a call of the ledger takes 0.005 s here, whatever it reads). The bulk work is a rule's, or one request for 400 accounts, whose own accounts have to be told as well.`;

export const VALIDATION = `One field figure exists: identity-center-extensions published 1,200 operations in 61 minutes, and a chart in the same document shows 51. The model's lanes are filled by random account ids and give the range above in the table for 1,200 operations; both published figures are lanes with 10 and 12 accounts. For the others there is an earlier model of the same loops, written apart from this one in another language, without lag, locks and the time of states; differences are to be expected of a few per cent (three or ten other seeds), and for the Map of what its states take.`;

export const NOT_MEASURED = `- The real latency, its distribution, and whether deletes share the slots with creates. One measurement on AWS would replace five models.
- The real burst of the rate limit, the order, retention and lag of the status lists. The table above varies what can be varied.
- Creation of the work: resolving names, deciding, writing leases. The end-to-end run has all of that, on a laptop.
- Operations that end as \`FAILED\`, account states, the role limit of an account: tests, not benchmarks, are about those.
- Deletes. The dispatcher treats them as it treats creates, but for the read-back of each.
- The latencies of calls. A round trip is constant, but for the rows of slow calls above; the real ones differ by API, hour and Region.
- Telling through real Step Functions. A request is answered here at the instant of the call that does it; \`SendTaskSuccess\`, the state that goes on, and the event or callback of *Announce grant* come after it. A call of the ledger takes the same time whatever it reads, while the reports of a request for 500 accounts are a query of several pages.
- Contention on the ledger: writers that meet on one item are tests' matter, and partitions of the table that are hot are not played.
- Lag of the ledger's indexes, cold starts beyond 0.1 s, and throttles of Lambda, Step Functions and DynamoDB, whose quotas are an order of magnitude away.
- Peers' time to detect, plan or queue the work before their loops begin, and what people do when one of them reports an error.`;
