/**
 * Why the server closed a device's socket (PROTOCOL.md, P-4). The code alone tells the device what to do next;
 * {@link comeBack} says it in code.
 */
export const CloseCode = {
  /** The server shuts down or restarts: connect to another one, after the delay in the reason if there is one. */
  GOING_ELSEWHERE: 1012,
  /** The frame was larger than `maxFrameBytes`. */
  FRAME_TOO_LARGE: 1009,
  /** The bus, or the keys that tokens are checked with, are away, or there were too many logins. (A server that is full answers the handshake with 503.) */
  TRY_AGAIN_LATER: 1013,
  /** Logged in elsewhere, or forced out by the business. Box-im's page stays out only on this code (contract 0.1.1). */
  KICKED: 3000,
  /** The token is missing, wrong or expired: come back with a new one. */
  TOKEN_REFUSED: 4401,
  /** No login within `loginTimeoutMs`. */
  LOGIN_TIMEOUT: 4408,
  /** A message was not proved to have arrived in time (pong or acknowledgement missing). */
  NO_PROOF: 4409,
  /** The device reads too slowly: more than `maxBufferedBytes` waited for it. */
  SLOW_READER: 4413,
  /** More than `maxFramesPerSecond` or `maxBytesPerSecond` from this device. */
  TOO_MANY_FRAMES: 4429,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** What a device does after a close. */
export type ComeBack = 'here' | 'elsewhere' | 'with-new-token' | 'never';

/** What the device should do after a close with this code. Unknown codes, 1006 among them, mean a lost network. */
export function comeBack(code: number): ComeBack {
  switch (code) {
    case CloseCode.KICKED:
      return 'never';
    case CloseCode.GOING_ELSEWHERE:
      return 'elsewhere';
    case CloseCode.TOKEN_REFUSED:
      return 'with-new-token';
    default:
      return 'here';
  }
}
