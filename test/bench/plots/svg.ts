/** Pieces of the plots; hand-made, since two pictures are not worth a dependency. Lengths are pixels. */

/** Attributes of an element. */
type Attributes = Readonly<Record<string, string | number>>;

/** One element; `content` is text or other elements, already escaped. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : value}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A line of text, escaped. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escape(words));
}

/** A line through points. */
export function polyline(points: readonly (readonly [number, number])[], attributes: Attributes): string {
  const written = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return element('polyline', { points: written, fill: 'none', ...attributes });
}

/**
 * A whole picture. Ink and grid follow the reader's colour scheme; the colours of the series are of a brightness that can be told from
 * white and from black.
 */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  const style = [
    'text{font:12px system-ui,sans-serif;fill:#24292f}',
    '.small{font-size:11px;fill:#57606a}',
    '.grid{stroke:#d0d7de;stroke-width:1}',
    '.ink{stroke:#24292f}',
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.grid{stroke:#3d444d}.ink{stroke:#e6edf3}}',
  ].join('');
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
  };
  const content = [element('title', {}, escape(title)), element('style', {}, style), ...parts].join('\n');
  return `${element('svg', attributes, `\n${content}\n`)}\n`;
}

/** Moves labels apart that would lie on each other; keeps their order. */
export function apart(ys: readonly number[], gap: number): number[] {
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  for (const [place, each] of order.entries()) {
    const above = order[place - 1];
    if (above !== undefined) each.y = Math.max(each.y, above.y + gap);
  }
  const moved = new Array<number>(ys.length).fill(0);
  for (const { y, index } of order) moved[index] = y;
  return moved;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
