import { CloseCode, Command, encodeFrame } from 'im-common';
import { toByteText } from 'im-common/bus';
import type { Connection } from './connection.ts';

/** Contract A.2: the text is box-im's; its page shows one of its own. */
const kickedFrame = toByteText(
  encodeFrame(Command.FORCE_LOGOUT, JSON.stringify('您已在其他地方登录，将被强制下线')),
);

/**
 * Takes a connection out because its address is logged in elsewhere, or not wanted any more. The same page coming back
 * (same devId) is not told: its old wire is just closed. Code 3000 either way, or box-im's page would log in again.
 */
export function kick(connection: Connection, newDevId: string | undefined, graceMs: number): void {
  const devId = connection.login?.devId;
  const samePage = newDevId !== undefined && newDevId !== '' && newDevId === devId;
  if (samePage || connection.state.kind !== 'online') {
    end(connection);
    return;
  }
  connection.answer((framing) => framing.text(kickedFrame));
  connection.kick();
  // A timer of its own, for kicks are few, and the next sweep may be half a second away.
  setTimeout(end, graceMs, connection).unref();
}

function end(connection: Connection): void {
  connection.end(CloseCode.KICKED, 'logged in elsewhere', 'CLOSED_BEFORE_PROOF');
}
