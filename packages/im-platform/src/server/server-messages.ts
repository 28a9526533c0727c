import { Terminal } from 'im-client';
import { assertOpen } from '../groups/checked-group.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { InboxService, Saying } from '../inbox/inbox-service.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import { systemSender } from '../bans/ban-store.ts';
import type { GroupMessageLog } from '../messages/group/group-log.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { SystemNotices } from '../broadcasts/system-notices.ts';
import { onceWith, refuseReuse } from '../messages/sendable.ts';
import { systemAccountId } from '../users/system-account.ts';
import type { User } from '../users/user.ts';
import { MessageType } from '../wire/message-type.ts';
import { toCaller, type ServerUsers } from './server-users.ts';
import type { UserRef } from './user-ref.ts';

export interface ServerMessageDeps {
  readonly users: Pick<ServerUsers, 'find' | 'findBot'>;
  readonly inbox: Pick<InboxService, 'send'>;
  readonly notices: Pick<SystemNotices, 'tell'>;
  readonly groupLog: GroupMessageLog;
  readonly groups: Pick<GroupStore, 'find'>;
  readonly language: Language;
}

/** What the platform itself says, for another back end. */
export interface Notice {
  readonly text: string;
  readonly onceKey: string | undefined;
}

export interface Placed {
  readonly conversationId: string;
  readonly number: number;
}

/** Messages that another back end sends: as one of its users, by the rules that these are held to, or as the platform itself. */
export class ServerMessages {
  readonly #deps: ServerMessageDeps;

  constructor(deps: ServerMessageDeps) {
    this.#deps = deps;
  }

  send(from: UserRef, conversationId: string, saying: Saying): Promise<ShownMessage> {
    return this.#send(this.#deps.users.find(from), conversationId, saying);
  }

  sendAsBot(bot: UserRef, conversationId: string, saying: Saying): Promise<ShownMessage> {
    return this.#send(this.#deps.users.findBot(bot), conversationId, saying);
  }

  /** From the system account, which nobody answers. */
  async tellUser(to: UserRef, { text, onceKey }: Notice): Promise<Placed> {
    const { users, notices } = this.#deps;
    const { id: recvId } = await users.find(to);
    const message = await notices.tell(recvId, text, onceWith(onceKey));
    refuseReuse(onceKey, message, { type: MessageType.TEXT, content: text });
    return { conversationId: conversationOf(systemAccountId, recvId), number: message.number };
  }

  /** A line that nobody wrote, for all members. */
  async tellGroup(groupId: number, { text, onceKey }: Notice): Promise<Placed> {
    const { groupLog, groups, language } = this.#deps;
    const type = MessageType.TIP_TEXT;
    const message = await groupLog.append({
      draft: {
        ...{ groupId, sendId: systemSender, terminal: Terminal.UNKNOWN, type, content: text },
        sendNickName: say('systemAdministrator', language),
        ...{ needsMembership: false, dedupeKey: onceWith(onceKey) },
      },
      async cause(sql) {
        const group = await groups.find(groupId, sql);
        if (!group) throw new Refusal('groupUnknown');
        assertOpen(group);
      },
    });
    refuseReuse(onceKey, message, { type, content: text });
    return { conversationId: conversationOfGroup(groupId), number: message.number };
  }
  async #send(sender: Promise<User>, conversationId: string, saying: Saying): Promise<ShownMessage> {
    const user = await sender;
    if (user.isBanned === 1) throw new Refusal('bannedAtLogin', { values: { reason: user.reason } });
    return this.#deps.inbox.send(toCaller(user), conversationId, saying);
  }
}
