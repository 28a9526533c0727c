import { messageKinds, type MessageKind } from '../protocol/command.ts';

/** The names of box-im's lists (contract B.2). Both buses use them; `redis/keys.ts` makes Redis keys of them. */
export function messageList(kind: MessageKind, serverId: number | string): string {
  return `im:message:${kind}:${serverId}`;
}

/** Messages of all kinds that go before the others. */
export function highList(serverId: number | string): string {
  return `im:message:high:${serverId}`;
}

export function forceLogoutList(serverId: number | string): string {
  return `im:user:force_logout:${serverId}`;
}

/** What becomes of a message is a result of its kind; what becomes of one that was kept, one of a kind of its own. */
export type ResultKind = MessageKind | 'kept';

export const resultKinds: readonly ResultKind[] = [...messageKinds, 'kept'];

export function resultList(kind: ResultKind, service: string): string {
  return `im:result:${kind}:${service}`;
}

const ofInstance = /@[\w-]{12}$/;

/** Whether a result list is that of one instance of a service (`{service}@{instance}`), which takes packs. */
export function isInstanceList(list: string): boolean {
  return ofInstance.test(list);
}

/** Presence events for a service. */
export function presenceList(service: string): string {
  return `im:presence:${service}`;
}

/** A notice to all servers that a service wants presence events. */
export function presenceNotice(service: string): string {
  return `presence:${service}`;
}

/** Whose notice it is; undefined when it is another one. */
export function watcherOf(notice: string): string | undefined {
  return notice.startsWith('presence:') ? notice.slice('presence:'.length) : undefined;
}

/** A notice to one server that it is to drain; its text is the server's boot (P-10.14). */
export function drainNotice(serverId: number | string): string {
  return `drain:${serverId}`;
}

/** A notice that a server has left in order; its text is the server's boot (P-10.15). */
export function leftNotice(serverId: number | string): string {
  return `left:${serverId}`;
}

/** Where the replies of devices to one instance of a service are. */
export function replyList(instance: string): string {
  return `im:reply:${instance}`;
}

/** Where dead letters are: entries that nobody can read, results that no listener could take. Kept short, for people. */
export function deadLetterList(of: string): string {
  return `im:dead:${of}`;
}

/** Webhooks of a service's gateways. */
export function webhookList(service: string): string {
  return `im:queue:webhook:${service}`;
}

/** The registry group of all servers. It shares the Redis slot of the id counter. */
export const serverGroup = 'im:max_server_id';

export function serviceGroup(service: string): string {
  return `im:service:${service}`;
}
