import type { ByteText } from 'im-common/bus';
import {
  scanObject,
  senderIdOf,
  type Result,
  type ResultKind,
  type TraceRecord,
  type TraceStore,
} from 'im-common/internal/bus';
import type { ResultInFlight } from './listen/result-in-flight.ts';
import type { OutgoingMessage } from './send/outgoing-message.ts';
import type { TracedSend, TraceOutput } from './trace-output.ts';

/** Writes down what this client does with watched messages. Made while an operator watches some. */
export class ClientTrace implements TraceOutput {
  readonly #store: TraceStore;

  constructor(store: TraceStore) {
    this.#store = store;
  }

  send(message: OutgoingMessage): TracedSend | undefined {
    const { dataText, kind, messageId, receivers, senderId, senderText } = message;
    if (!this.#store.watched({ messageId, senderText }, receivers, (address) => address).isWatched)
      return undefined;
    const at = Date.now();
    const ownId = ownIdOf(dataText, this.#store.idMember);
    const add = (record: Partial<TraceRecord>): void => {
      const ms = Date.now() - at;
      this.#store.add({ step: 'sent', at, ms, id: messageId, kind, ownId, sender: senderId, ...record });
    };
    return {
      end: (sent) => {
        sent.then(
          ({ kept, messageId: id, offline, queued }) => {
            add({ id, queued: queued.length, offline: offline.length, kept: kept.length });
          },
          (error: unknown) => {
            add({ text: wordsOf(error) });
          },
        );
      },
    };
  }

  result(kind: ResultKind, result: Result): void {
    this.#each('result', kind, result, {});
  }

  async listen(listener: string, batch: readonly ResultInFlight[], call: () => unknown): Promise<unknown> {
    const began = performance.now();
    const write = (text: string): void => {
      const ms = Math.round(performance.now() - began);
      for (const { kind, result } of batch) this.#each('listened', kind, result, { ms, text });
    };
    try {
      const result = await call();
      write(listener);
      return result;
    } catch (error) {
      write(`${listener} failed: ${wordsOf(error)}`);
      throw error;
    }
  }

  #each(
    step: TraceRecord['step'],
    kind: ResultKind,
    result: Result,
    more: Pick<TraceRecord, 'ms' | 'text'>,
  ): void {
    const { messageId: id, outcomes } = result;
    const found = this.#store.watched(result, outcomes, ({ address }) => address);
    for (const [index, { address, reason, stage }] of found.some.entries()) {
      const { id: user, terminal } = address;
      const others = index === found.some.length - 1 && found.more > 0 ? found.more : undefined;
      const record = { id, kind, sender: senderIdOf(result.senderText), user, terminal, stage, reason };
      this.#store.add({ step, at: Date.now(), ...record, others, ...more });
    }
  }
}

/** What the application calls the message, as it stands in its data. */
function ownIdOf(dataText: ByteText, member: string): string | undefined {
  try {
    return scanObject(dataText)
      .get(member)
      ?.replace(/^"(.*)"$/s, '$1');
  } catch {
    return undefined; // it is no object
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
