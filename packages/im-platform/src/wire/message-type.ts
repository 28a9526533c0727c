import { MessageType } from '../client/message-type.ts';

// The client reads pushes, so it has the numbers; everybody else has them from here.
export { MessageStatus, MessageType } from '../client/message-type.ts';

/** What people may send; everything else is said by the platform alone (contract F.3). */
export function isSendable(type: number): boolean {
  return type >= MessageType.TEXT && type <= MessageType.VIDEO;
}
