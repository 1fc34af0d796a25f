/** Something that was entered and not left yet, or a hold that was not released. */
export class WorkUnderWay {
  readonly #what = new Map<number, string>();
  #entered = 0;
  #onIdle: (() => void)[] = [];

  get idle(): boolean {
    return this.#what.size === 0;
  }

  /** How often anything was entered, ever: it differs if there was work between two looks. */
  get entered(): number {
    return this.#entered;
  }

  /** What is under way, counted and most first, for messages: `2 × function sweep, 1 × request GET /v1/requests`. */
  describe(): string {
    const counts = new Map<string, number>();
    for (const what of this.#what.values()) counts.set(what, (counts.get(what) ?? 0) + 1);
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ');
  }

  /** Answers what leaves again; leaving twice is leaving once. */
  enter(what: string, onLeft: () => void): () => void {
    this.#entered += 1;
    const id = this.#entered;
    this.#what.set(id, what);
    return () => {
      if (!this.#what.delete(id) || !this.idle) return;
      this.wakeWaiters();
      onLeft();
    };
  }

  /** Resolves when nothing is under way, or when {@link wakeWaiters} is called. */
  async untilIdle(): Promise<void> {
    if (this.idle) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  wakeWaiters(): void {
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const wake of waiting) wake();
  }
}
