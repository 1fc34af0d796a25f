import { makeRun } from './runs/run';
import { plainRun } from './runs/run-spec';
import { CallCounts } from './service/call-counts';
import { ServiceModel } from './service/service-model';
let svc: ServiceModel | undefined;
const read = (ServiceModel.prototype as any).describe;
(ServiceModel.prototype as any).describe = function (...a: unknown[]) {
  svc = this;
  return read.apply(this, a);
};
function lag(): string {
  const ops = [...(svc as any).operations.values()];
  const ends = ops.map((o: any) => o.endsAt).sort((a: number, b: number) => a - b);
  const acc = ops.map((o: any) => o.acceptedAt).sort((a: number, b: number) => a - b);
  const lags = acc.slice(15).map((t: number, i: number) => t - ends[i]);
  const s = [...lags].sort((a, b) => a - b);
  return `lag mean ${(lags.reduce((x: number, y: number) => x + y, 0) / lags.length).toFixed(0)} p50 ${s[Math.floor(s.length / 2)]?.toFixed(0)} p90 ${s[Math.floor(s.length * 0.9)]?.toFixed(0)} first ${((acc[14] ?? 0) - (acc[0] ?? 0)).toFixed(0)} start ${(acc[0] ?? 0).toFixed(0)} drain ${(Math.max(...ends) - Math.max(...acc)).toFixed(0)}`;
}
const apis: Record<string, number> = {};
const original = CallCounts.prototype.count;
CallCounts.prototype.count = function (api) {
  apis[api] = (apis[api] ?? 0) + 1;
  original.call(this, api);
};
async function main() {
  const [size = '1200', ...latencies] = process.argv.slice(2);
  for (const latency of latencies.length ? latencies : ['two', 'ln4', 'ten', 'sixty', 'tail']) {
    for (const seed of [1, 2]) {
      const t0 = performance.now();
      for (const k of Object.keys(apis)) delete apis[k];
      const r = await makeRun({
        ...plainRun('ours', Number(size) as never, latency as never, seed),
        tickets: 20,
      });
      const q = (xs: number[], p: number) =>
        [...xs].sort((a, b) => a - b)[Math.min(xs.length - 1, Math.floor(p * xs.length))]?.toFixed(2);
      console.log(
        latency,
        seed,
        'makespan',
        r.makespan.toFixed(1),
        'limit',
        r.limit.toFixed(1),
        ((100 * r.limit) / r.makespan).toFixed(1) + '%',
        'lost',
        r.lost,
        'wrong',
        r.wrong,
        'calls/op',
        (r.calls / r.operations).toFixed(2),
        'looks/op',
        (r.looks / r.operations).toFixed(2),
        'thr',
        r.throttled,
        'conf',
        r.conflicts,
        'slotwait',
        q(
          r.tickets.map((t) => t.slotWait),
          0.5,
        ),
        q(
          r.tickets.map((t) => t.slotWait),
          0.95,
        ),
        'over',
        q(
          r.tickets.map((t) => t.grant - t.latency),
          0.5,
        ),
        q(
          r.tickets.map((t) => t.grant - t.latency),
          0.95,
        ),
        'passes',
        r.passes,
        Object.entries(apis)
          .map(([k, v]) => k.replace('AccountAssignment', '') + ' ' + (v / r.operations).toFixed(2))
          .join(' '),
        lag(),
        'warn',
        JSON.stringify(r.warnings),
        ((performance.now() - t0) / 1000).toFixed(1) + 's',
      );
    }
  }
}
void main();
