/** The `data` of a login frame, checked. */
export interface LoginRequest {
  readonly token: string;
  readonly devId: string | undefined;
  readonly acknowledges: boolean;
  readonly terminal: number | undefined;
  /** How far a device that acknowledges has the messages of topics; for the part that knows them. */
  readonly topics: unknown;
}

/** Undefined for what names no token. */
export function readRequest(data: unknown): LoginRequest | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { accessToken, devId, ack, terminal, topics } = data as Record<string, unknown>;
  if (typeof accessToken !== 'string' || accessToken === '') return undefined;
  return {
    token: accessToken,
    devId: readDevId(devId),
    acknowledges: ack === true,
    terminal: typeof terminal === 'number' && Number.isInteger(terminal) ? terminal : undefined,
    topics: ack === true ? topics : undefined,
  };
}

/** A number from box-im's pages (contract A.2); kept as text, as on the force-logout list. */
function readDevId(devId: unknown): string | undefined {
  if (typeof devId === 'number') return String(devId);
  return typeof devId === 'string' && devId !== '' ? devId.slice(0, 128) : undefined;
}
