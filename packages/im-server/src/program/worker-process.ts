import cluster, { type Worker } from 'node:cluster';
import { ImError } from 'im-common';
import { isOurs, type FromWorker, type Question, type Started, type ToWorker } from './worker-messages.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One worker as the primary sees it. */
export class WorkerProcess {
  /** Rejects with the reason when it ends before. */
  readonly started: Promise<Started>;
  readonly exited: Promise<Exit>;
  readonly #worker: Worker = cluster.fork();
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #hasStarted = false;
  #questions = 0;

  constructor() {
    this.exited = this.#untilExit();
    this.started = this.#untilStarted();
    this.started.catch(() => undefined); // Those who wait for it hear of it; nobody has to wait.
  }

  get id(): number {
    return this.#worker.id;
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Undefined when there is no answer in time. */
  ask(question: Question, timeoutMs: number): Promise<unknown> {
    const number = (this.#questions += 1);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer(number, undefined), timeoutMs);
      this.#answers.set(number, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#send({ im: 'ask', question, number });
    });
  }

  drain(): void {
    this.#send({ im: 'drain' });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #send(message: ToWorker): void {
    if (!this.#worker.isConnected()) return;
    this.#worker.send(message, () => undefined); // A failure means that it is ending: `exited` follows.
  }

  #answer(number: number, answer: unknown): void {
    this.#answers.get(number)?.(answer);
    this.#answers.delete(number);
  }

  async #untilExit(): Promise<Exit> {
    const worker = this.#worker;
    const exit = new Promise<Exit>((resolve) => {
      worker.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
      worker.on('error', () => {
        // One that could not even be forked.
        if (worker.process.pid === undefined) resolve({ code: null, signal: null });
      });
    });
    // Its last words may still be on their way when it is gone.
    const silence = new Promise<void>((resolve) => void worker.once('disconnect', resolve));
    const how = await exit;
    if (worker.isConnected()) await silence;
    for (const number of [...this.#answers.keys()]) this.#answer(number, undefined);
    return how;
  }

  #untilStarted(): Promise<Started> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: unknown) => {
        if (!isOurs(message)) return;
        const news = message as FromWorker; // Workers send no others.
        switch (news.im) {
          case 'started':
            this.#hasStarted = true;
            resolve(news.started);
            break;
          case 'failed':
            reject(news.code === undefined ? new Error(news.message) : new ImError(news.code, news.message));
            break;
          case 'answer':
            this.#answer(news.number, news.answer);
            break;
        }
      });
      void this.exited.then(({ code, signal }) => {
        reject(
          new Error(`Worker ${this.id} ended with ${signal ?? code ?? 'no sign'} before it had started.`),
        );
      });
    });
  }
}
