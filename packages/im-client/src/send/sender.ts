import { readOptions, invalidArgument, type Kinds } from 'im-common/internal/checks';
import { bytesPerAddress, type Calls } from '../calls/calls.ts';
import { abortSignal } from '../checks/abort-signal.ts';
import type { ClientMetrics } from '../metrics.ts';
import type { Traced } from '../trace-output.ts';
import type { MessageLimits } from './message-fields.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Receipt } from './receipt.ts';
import { sendMessage } from './send-message.ts';
import type { SendDeps } from './send-progress.ts';

export interface SendOptions {
  /** Aborting it stops a send of which nothing is on the bus yet. */
  readonly signal?: AbortSignal | undefined;
}

const noOptions: SendOptions = {};
const kinds: Kinds<SendOptions> = { signal: abortSignal };

export interface SenderDeps extends SendDeps {
  readonly calls: Calls;
  readonly limits: MessageLimits;
  readonly metrics: ClientMetrics | undefined;
  readonly tracing: Traced;
  /** Results of this kind will come. */
  readonly expectResults: (kind: OutgoingMessage['kind']) => void;
}

/** Checks messages, and sends them when the client may. */
export class Sender {
  readonly #deps: SenderDeps;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Not async: resolving one promise with another takes three more rounds of the microtask queue, for each message. */
  send(
    check: (message: unknown, limits: MessageLimits) => OutgoingMessage,
    given: unknown,
    options: SendOptions | undefined,
  ): Promise<Receipt> {
    const { calls, expectResults, limits, metrics, tracing } = this.#deps;
    try {
      calls.checkSend();
      const checked = check(given, limits);
      const traced = tracing.output?.send(checked);
      const message = traced?.text === undefined ? checked : { ...checked, trace: traced.text };
      const { signal } = options === undefined ? noOptions : readSendOptions(options);
      const { dataText, receivers, copies } = message;
      const bytes = dataText.length + bytesPerAddress * (receivers.length + copies.length);
      const sent = calls.send(bytes, () => {
        if (message.sendResult) expectResults(message.kind);
        return sendMessage(this.#deps, message, signal);
      });
      metrics?.sending(sent);
      traced?.end(sent);
      return sent;
    } catch (error) {
      metrics?.refused(error);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown, as in an async function
      return Promise.reject(error);
    }
  }
}

function readSendOptions(options: unknown): SendOptions {
  return readOptions('the options of a send', options, kinds, invalidArgument);
}
