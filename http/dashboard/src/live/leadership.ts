// At most one tab of this browser leads; when it goes, another one follows.

export interface Duties {
  begin: () => void;
  end: () => void;
}

export class Leadership {
  #release?: () => void;
  #waiting?: AbortController;

  constructor(
    private readonly name: string,
    private readonly duties: Duties,
  ) {}

  /** Leads as soon as nobody else does. Without locks (a page over plain HTTP) every tab leads. */
  seek(): void {
    if (this.#waiting || this.#release) return;
    if (!navigator.locks) {
      this.#release = () => undefined;
      this.duties.begin();
      return;
    }
    const waiting = new AbortController();
    this.#waiting = waiting;
    navigator.locks
      .request(this.name, { signal: waiting.signal }, () => {
        this.duties.begin();
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      })
      .catch(() => undefined); // resigned before its turn came
  }

  resign(): void {
    if (this.#release) this.duties.end();
    this.#release?.();
    this.#waiting?.abort();
    this.#release = undefined;
    this.#waiting = undefined;
  }
}
