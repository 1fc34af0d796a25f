import type { Group, Results } from '../report/group';
import { SIZES } from '../runs/plan';
import { DESIGN_NAMES, type DesignName } from '../runs/run-spec';
import type { LatencyName } from '../service/latency-models';
import { COLOURS, LABELS } from './colours';
import { apart, element, picture, polyline, text } from './svg';

const WIDTH = 760;
const HEIGHT = 440;
const FRAME = { left: 64, right: 560, top: 40, bottom: 392 };
const SECONDS = { least: 1, most: 100_000 };

/** Makespan against the number of operations, both on logarithmic axes. Points of runs that lost work are hollow. */
export function makespanPlot(bulk: Results, latency: LatencyName, title: string): string {
  const lines = DESIGN_NAMES.map((design) => ({ design, points: pointsOf(bulk, design, latency) }));
  const limits = SIZES.map((size) => [xOf(size), yOf(bulk.of('ours', size, latency).limit)] as const);
  const ends = [...lines.map(({ points }) => points.at(-1)?.y ?? 0), limits.at(-1)?.[1] ?? 0];
  const labels = apart(ends, 15);
  return picture(WIDTH, HEIGHT, title, [
    text(FRAME.left, 22, title, { 'font-weight': 'bold' }),
    ...axes(),
    polyline(limits, { class: 'ink', 'stroke-width': 1.5, 'stroke-dasharray': '5 4' }),
    text(FRAME.right + 12, (labels.at(-1) ?? 0) + 4, 'limit'),
    ...lines.flatMap(({ design, points }, index) => [
      polyline(
        points.map(({ x, y }) => [x, y] as const),
        { stroke: COLOURS[design], 'stroke-width': design === 'ours' ? 3 : 1.8 },
      ),
      ...points.map(({ x, y, isWhole }) => marker(design, x, y, isWhole)),
      text(FRAME.right + 12, (labels[index] ?? 0) + 4, LABELS[design], { style: `fill:${COLOURS[design]}` }),
    ]),
  ]);
}

interface Point {
  readonly x: number;
  readonly y: number;
  /** Nothing was lost. */
  readonly isWhole: boolean;
}

function pointsOf(bulk: Results, design: DesignName, latency: LatencyName): Point[] {
  return SIZES.map((size) => {
    const group: Group = bulk.of(design, size, latency);
    return { x: xOf(size), y: yOf(group.makespan), isWhole: group.lost === 0 };
  });
}

function marker(design: DesignName, cx: number, cy: number, isWhole: boolean): string {
  const colour = COLOURS[design];
  const attributes = { cx, cy, r: 4, stroke: colour, 'stroke-width': 1.5 };
  return element('circle', { ...attributes, fill: isWhole ? colour : 'none' });
}

function axes(): string[] {
  const parts: string[] = [];
  for (let value = SECONDS.least; value <= SECONDS.most; value *= 10) {
    const y = yOf(value);
    parts.push(element('line', { class: 'grid', x1: FRAME.left, x2: FRAME.right, y1: y, y2: y }));
    const label = `${value.toLocaleString('en-US')} s`;
    parts.push(text(FRAME.left - 8, y + 4, label, { class: 'small', 'text-anchor': 'end' }));
  }
  for (const size of SIZES) {
    const x = xOf(size);
    parts.push(element('line', { class: 'grid', x1: x, x2: x, y1: FRAME.top, y2: FRAME.bottom }));
    const label = size.toLocaleString('en-US');
    parts.push(text(x, FRAME.bottom + 18, label, { class: 'small', 'text-anchor': 'middle' }));
  }
  const middle = (FRAME.left + FRAME.right) / 2;
  parts.push(
    text(middle, FRAME.bottom + 38, 'assignments to make', { class: 'small', 'text-anchor': 'middle' }),
  );
  return parts;
}

function xOf(size: number): number {
  return FRAME.left + ((FRAME.right - FRAME.left) * Math.log10(size)) / Math.log10(10_000);
}

function yOf(value: number): number {
  const share = Math.log10(Math.max(value, SECONDS.least)) / Math.log10(SECONDS.most / SECONDS.least);
  return FRAME.bottom - (FRAME.bottom - FRAME.top) * share;
}
