/** Who makes a request, as the access token says. */
export interface Caller {
  readonly userId: number;
  readonly terminal: number;
  readonly userName: string;
  /** As it was at the login: contract A.4. */
  readonly nickName: string;
  /** The session that the token belongs to. */
  readonly sessionId: string;
}

/** The back end that makes a request of `/v1/server`, as its key says. */
export interface CallingServer {
  readonly keyId: string;
  readonly name: string;
  /** Requests in a minute. */
  readonly perMinute: number;
}

/** Somebody who has shown who they are, and has no session yet. */
export type Newcomer = Omit<Caller, 'sessionId'>;
