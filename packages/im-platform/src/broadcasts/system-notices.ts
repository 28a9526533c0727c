import { Terminal } from 'im-client';
import { systemFriend, toFriendText } from '../friends/friend.ts';
import type { Language } from '../http/texts.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { systemAccountId } from '../users/system-account.ts';
import { MessageType } from '../wire/message-type.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';

export interface SystemNoticeDeps {
  readonly privateLog: PrivateMessageLog;
  readonly events: Pick<PrivateEvents, 'push'>;
  readonly language: Language;
}

/** What the platform itself says to one person, from the system account, which nobody answers. */
export class SystemNotices {
  readonly #deps: SystemNoticeDeps;

  constructor(deps: SystemNoticeDeps) {
    this.#deps = deps;
  }

  /** Stored like all messages: pushed to who is online, found by the others when they come. With the same key it is said once. */
  tell(recvId: number, text: string, dedupeKey: string | undefined): Promise<PrivateMessage> {
    const { privateLog, events, language } = this.#deps;
    return privateLog.append({
      draft: {
        ...{ sendId: systemAccountId, terminal: Terminal.UNKNOWN, recvId, pushTo: [recvId] },
        ...{ type: MessageType.TEXT, content: text, needsFriendship: false, dedupeKey },
      },
      // The page keeps a chat of somebody unknown nameless and hidden (contract 0.1.10).
      ahead: () =>
        events.push({
          ...{ type: MessageType.FRIEND_NEW, sendId: systemAccountId, recvId },
          content: toFriendText(systemFriend(recvId, language)),
        }),
    });
  }
}
