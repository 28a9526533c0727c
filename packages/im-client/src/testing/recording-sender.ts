import type { MessageKind } from 'im-common';
import { fromByteText } from 'im-common/internal/bus';
import type { GroupMessage, PrivateMessage, SystemMessage, TopicMessage } from '../send/message.ts';
import type { MessageLimits } from '../send/message-fields.ts';
import type { OutgoingMessage } from '../send/outgoing-message.ts';
import type { Receipt } from '../send/receipt.ts';
import type { Sender, SendOptions } from '../send/sender.ts';

/** A message as it was given to the client; `data` is a copy of what went out. */
export interface SentMessage
  extends
    Partial<Omit<PrivateMessage, 'data'>>,
    Partial<Pick<TopicMessage, 'topic' | 'except' | 'trackMembers'>> {
  readonly kind: MessageKind;
  readonly recvIds?: GroupMessage['recvIds'] | SystemMessage['recvIds'];
  readonly data: unknown;
}

/** Writes down what is sent, and sends it. */
export class RecordingSender implements Pick<Sender, 'send'> {
  readonly sent: SentMessage[] = [];
  readonly #sender: Pick<Sender, 'send'>;

  constructor(sender: Pick<Sender, 'send'>) {
    this.#sender = sender;
  }

  send(
    check: (message: unknown, limits: MessageLimits) => OutgoingMessage,
    given: unknown,
    options: SendOptions | undefined,
  ): Promise<Receipt> {
    let record: SentMessage | undefined;
    const checkAndWrite: typeof check = (message, limits) => {
      const checked = check(message, limits);
      const data: unknown = JSON.parse(fromByteText(checked.dataText));
      record = { ...(message as object), kind: checked.kind, data };
      this.sent.push(record);
      return checked;
    };
    const sending = this.#sender.send(checkAndWrite, given, options);
    // What has failed was not sent.
    sending.catch(() => {
      if (record && this.sent.includes(record)) this.sent.splice(this.sent.indexOf(record), 1);
    });
    return sending;
  }
}
