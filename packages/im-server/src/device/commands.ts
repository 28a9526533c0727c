import { Command, encodeFrame } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { ScanError } from 'im-common/internal/bus';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { Connection } from './connection.ts';
import { logIn } from './login.ts';
import type { LoginDeps } from './login-deps.ts';
import { readFrame, type FrameText } from './read-frame.ts';

const heartbeatAnswer = encodeFrame(Command.HEART_BEAT, 'null') as ByteText;

/** As im-device writes it when the application took everything: of all that devices say this is nearly all. */
const plainAck = new RegExp(`^\\{"cmd":${Command.ACK},"data":\\{"count":(0|[1-9]\\d{0,14})\\}\\}$`);
const none: ReadonlySet<unknown> = new Set();

export interface CommandDeps extends LoginDeps {
  readonly metrics: Pick<ServerMetrics, 'loggedIn' | 'frameIn'>;
  /** What the device says to a service. False when it is malformed. */
  readonly onUplink: (connection: Connection, dataText: string | undefined) => boolean;
  /** What the device replies to a service. False when it is malformed. */
  readonly onReply: (connection: Connection, dataText: string | undefined) => boolean;
}

/**
 * Carries out what a device sends. Whatever cannot be understood is counted and otherwise ignored: box-im's server never
 * answers it either, and the frame limit ends a flood.
 */
export function onDeviceText(connection: Connection, text: string, deps: CommandDeps): void {
  const count = plainAck.exec(text)?.[1];
  if (count !== undefined) {
    const isKnown = connection.login?.acknowledges === true && connection.acknowledge(Number(count), none);
    deps.metrics.frameIn(isKnown ? 'ok' : 'malformed');
    return;
  }
  let frame: FrameText;
  try {
    frame = readFrame(text);
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    deps.metrics.frameIn('malformed');
    return;
  }
  deps.metrics.frameIn(carryOut(connection, frame, deps) ? 'ok' : 'malformed');
}

function carryOut(connection: Connection, { cmd, dataText }: FrameText, deps: CommandDeps): boolean {
  switch (cmd) {
    case Command.LOGIN:
      void logIn(connection, parse(dataText), deps); // ends every failure itself
      return true;
    case Command.HEART_BEAT:
      // Contract 0.1.3: every heartbeat, logged in or not, must be answered.
      connection.answer((framing) => framing.text(heartbeatAnswer));
      return true;
    case Command.ACK:
      return acknowledge(connection, dataText);
    case Command.UPLINK:
      return deps.onUplink(connection, dataText);
    case Command.REPLY:
      return deps.onReply(connection, dataText);
    case Command.FORCE_LOGOUT:
    case Command.PRIVATE_MESSAGE:
    case Command.GROUP_MESSAGE:
    case Command.SYSTEM_MESSAGE:
      return true; // contract A.2: a no-op
    default:
      return false;
  }
}

/** What was scanned can be parsed. */
function parse(dataText: string | undefined): unknown {
  return dataText === undefined ? undefined : JSON.parse(dataText);
}

function acknowledge(connection: Connection, dataText: string | undefined): boolean {
  if (!connection.login?.acknowledges) return false;
  const data = parse(dataText);
  if (typeof data !== 'object' || data === null) return false;
  const { count, refused = [] } = data as { count?: unknown; refused?: unknown };
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || !Array.isArray(refused)) return false;
  return connection.acknowledge(count, new Set<unknown>(refused));
}
