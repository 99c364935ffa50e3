import type {AxiosProgressEvent} from 'axios';
import type {Call} from './call.ts';

/** As often as axios itself reports, in milliseconds. */
const interval = 1000 / 3;

/** Tells the caller how much of its body has come: now and then on the way, and when it is whole. */
export class Progress {
  readonly #listener: ((event: AxiosProgressEvent) => void) | undefined;
  readonly #total: number | undefined;
  readonly #began: number = performance.now();
  #told = 0;
  #toldAt: number = this.#began;

  constructor(call: Call, total: number | undefined) {
    // What the inner adapter reports itself is not reported twice.
    this.#listener = call.progressed ? undefined : call.config.onDownloadProgress;
    this.#total = total;
  }

  report(loaded: number, when: 'on the way' | 'whole'): void {
    const now = performance.now();
    if (this.#listener === undefined || (when === 'on the way' && now - this.#toldAt < interval)) return;
    const total = this.#total;
    const progress = {loaded, total, lengthComputable: total !== undefined};
    this.#listener({
      ...progress,
      ...(total && {progress: loaded / total}),
      bytes: loaded - this.#told,
      rate: loaded / Math.max(1e-3, (now - this.#began) / 1000),
      event: progress,
      download: true,
    } as AxiosProgressEvent);
    this.#told = loaded;
    this.#toldAt = now;
  }
}
