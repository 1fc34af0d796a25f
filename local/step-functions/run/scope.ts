/** Something that can be called off: an execution, a branch, an iteration, an attempt of a task. Scopes nest. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #children = new Set<Scope>();
  readonly #listeners = new Set<(reason: Error) => void>();
  /** Set once and for all. */
  #reason: Error | undefined;

  constructor(parent?: Scope) {
    this.#parent = parent;
    if (parent === undefined) return;
    this.#reason = parent.#reason;
    parent.#children.add(this);
  }

  /** Why it was called off; undefined while it was not. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** Throws the reason if the scope was called off. */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Calls `listener` once when the scope is called off; answers what takes it back. */
  onCancel(listener: (reason: Error) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls off this scope and all inside it, the innermost first, as history tells it. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const child of [...this.#children]) child.cancel(reason);
    for (const listener of [...this.#listeners].reverse()) listener(reason);
    this.#listeners.clear();
  }

  /** Takes the scope out of its parent, when its work is over. */
  close(): void {
    if (this.#parent !== undefined) this.#parent.#children.delete(this);
  }
}
