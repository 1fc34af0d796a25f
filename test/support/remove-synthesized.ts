import { rmSync } from 'node:fs';

/** Removes what was synthesized for the tests. */
export default function removeSynthesized(): void {
  const folder = process.env.LATCHKEY_TEST_FOLDER;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
