import type { Bus } from 'im-common/bus';
import { encodeForceLogout, forceLogoutList, type ForceLogout, type Producer } from 'im-common/internal/bus';

export interface OrderOthersDeps {
  readonly bus: Pick<Bus, 'sessions'>;
  readonly producer: Pick<Producer, 'put'>;
  readonly serverId: () => number;
}

/** Sends an order to log out, which comes to the server of the newest session, to all others of its address. */
export async function orderOthers(
  order: ForceLogout,
  { bus, producer, serverId }: OrderOthersDeps,
): Promise<void> {
  const [sessions = []] = await bus.sessions.list([order.address]);
  const elsewhere = sessions.filter((session) => session.serverId !== serverId());
  await Promise.all(
    elsewhere.map((session) =>
      producer.put(forceLogoutList(session.serverId), encodeForceLogout({ ...order, session: session.id })),
    ),
  );
}
