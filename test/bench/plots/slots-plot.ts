import type { RunResult } from '../runs/run-result';
import { COLOURS, LABELS } from './colours';
import { element, picture, text } from './svg';

const WIDTH = 760;
const ROW = { height: 44, gap: 26 };
const FRAME = { left: 40, right: 740, top: 52 };

/** Slots in use over time, a row for each design, all on one axis of time that ends when the usual designs have ended. */
export function slotsPlot(
  traced: readonly RunResult[],
  slots: number,
  untilSeconds: number,
  title: string,
): string {
  const height = FRAME.top + traced.length * (ROW.height + ROW.gap) + 24;
  const xOf = (at: number): number => FRAME.left + ((FRAME.right - FRAME.left) * at) / untilSeconds;
  const rows = traced.flatMap((run, index) => {
    const bottom = FRAME.top + (index + 1) * (ROW.height + ROW.gap) - ROW.gap + 14;
    return row(run, slots, bottom, untilSeconds, xOf);
  });
  const ticks: string[] = [];
  const step = tickStep(untilSeconds);
  for (let at = 0; at <= untilSeconds; at += step) {
    ticks.push(text(xOf(at), height - 8, `${at} s`, { class: 'small', 'text-anchor': 'middle' }));
  }
  return picture(WIDTH, height, title, [
    text(FRAME.left, 22, title, { 'font-weight': 'bold' }),
    ...rows,
    ...ticks,
  ]);
}

function row(
  { spec: { design }, makespan, lost, slotsUsed, trace }: RunResult,
  slots: number,
  bottom: number,
  untilSeconds: number,
  xOf: (at: number) => number,
): string[] {
  const top = bottom - ROW.height;
  const yOf = (used: number): number => bottom - (ROW.height * used) / slots;
  const share = `${Math.round(100 * slotsUsed)} % of the slots on the average`;
  const end = lost > 0 ? `${lost} lost` : `done after ${Math.round(makespan)} s`;
  const corners = steps(trace?.means ?? [], (trace?.seconds ?? 0) / (trace?.means.length ?? 1));
  const inside = corners.filter(([at]) => at <= untilSeconds);
  const last = inside.at(-1)?.[0] ?? 0;
  const outline = [[0, 0] as const, ...inside, [last, 0] as const];
  const points = outline.map(([at, used]) => `${xOf(at).toFixed(1)},${yOf(used).toFixed(1)}`).join(' ');
  return [
    text(FRAME.left, top - 5, `${LABELS[design]}: ${share}, ${end}`, { style: `fill:${COLOURS[design]}` }),
    element('line', { class: 'grid', x1: FRAME.left, x2: FRAME.right, y1: bottom, y2: bottom }),
    element('line', {
      class: 'grid',
      x1: FRAME.left,
      x2: FRAME.right,
      y1: top,
      y2: top,
      'stroke-dasharray': '2 3',
    }),
    text(FRAME.left - 6, top + 4, String(slots), { class: 'small', 'text-anchor': 'end' }),
    text(FRAME.left - 6, bottom + 4, '0', { class: 'small', 'text-anchor': 'end' }),
    element('polygon', { points, fill: COLOURS[design], 'fill-opacity': 0.65 }),
  ];
}

/** The corners of a curve that is constant over each piece. */
function steps(means: readonly number[], width: number): (readonly [number, number])[] {
  return means.flatMap((used, index) => [
    [index * width, used] as const,
    [(index + 1) * width, used] as const,
  ]);
}

/** A round step that gives four to eight ticks. */
function tickStep(until: number): number {
  const rough = until / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power;
}
