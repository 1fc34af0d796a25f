import type { VirtualTime } from '../engine/virtual-time';
import type { ServiceModel } from '../service/service-model';
import type { SlotTrace } from './run-result';

/** Records how many slots are in use, change by change. */
export class SlotRecorder {
  readonly #changes: { readonly at: number; readonly used: number }[] = [{ at: 0, used: 0 }];
  most = 0;

  constructor(time: VirtualTime, service: ServiceModel) {
    service.onSlots = (used) => {
      this.#changes.push({ at: time.elapsed(), used });
      this.most = Math.max(this.most, used);
    };
  }

  /** Mean slots in use between two instants (milliseconds since the beginning). */
  mean(from: number, until: number): number {
    if (until <= from) return 0;
    let area = 0;
    for (const [index, { at, used }] of this.#changes.entries()) {
      if (at >= until) break;
      const next = this.#changes[index + 1]?.at ?? until;
      area += used * Math.max(0, Math.min(next, until) - Math.max(at, from));
    }
    return area / (until - from);
  }

  /** The means of equal pieces up to an instant, in one pass over the changes. */
  trace(untilMs: number, pieces: number): SlotTrace {
    const width = untilMs / pieces;
    const areas = new Array<number>(pieces).fill(0);
    for (const [index, { at, used }] of this.#changes.entries()) {
      const end = Math.min(this.#changes[index + 1]?.at ?? untilMs, untilMs);
      let from = at;
      while (from < end) {
        const piece = Math.min(pieces - 1, Math.floor(from / width + 1e-9));
        const to = Math.min(end, (piece + 1) * width);
        if (to <= from) break;
        areas[piece] = (areas[piece] ?? 0) + used * (to - from);
        from = to;
      }
    }
    return { seconds: untilMs / 1000, means: areas.map((area) => Math.round((10 * area) / width) / 10) };
  }
}
