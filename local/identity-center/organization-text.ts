import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type * as z from 'zod';

import type { ORGANIZATION_FILE } from './organization-schema';

/** What can be written into an organization file: as it would be read, defaults may be left out. */
export type WritableOrganization = z.input<typeof ORGANIZATION_FILE>;

/** Longest entry that still stands on one line. */
const LINE_LENGTH = 200;

/** Lists and maps of plain values stand on one line where they fit, so that a file of thousands of accounts can be read. */
function fold(node: unknown): void {
  if (!isMap(node) && !isSeq(node)) return;
  const children: unknown[] = isMap(node) ? node.items.map(({ value }) => value) : node.items;
  for (const child of children) fold(child);
  const isLeaf = children.every(
    (child) => isScalar(child) || ((isMap(child) || isSeq(child)) && child.flow === true),
  );
  if (isLeaf && widthOf(node) <= LINE_LENGTH) node.flow = true;
}

function widthOf(node: unknown): number {
  if (isScalar(node)) return String(node.value).length + 4;
  if (isSeq(node))
    return (node.items as readonly unknown[]).reduce<number>((sum, item) => sum + widthOf(item), 4);
  if (!isMap(node)) return 0;
  return node.items.reduce((sum, { key, value }) => sum + widthOf(key) + widthOf(value), 4);
}

/** An organization file as YAML text, an entry to a line. `readOrganization` reads it back. */
export function organizationText(organization: WritableOrganization): string {
  const document = new Document(organization, { aliasDuplicateObjects: false });
  const sections: unknown[] = isMap(document.contents)
    ? document.contents.items.map(({ value }) => value)
    : [];
  for (const section of sections) {
    if (isSeq(section)) for (const entry of section.items as readonly Node[]) fold(entry);
    else if (isMap(section)) for (const { value } of section.items) fold(value);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
