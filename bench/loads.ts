import { measure, type Contender, type Figures } from './measure.ts';

/** From a backlog, where there can be one; else as fast as it goes. */
export function fromBacklog(contender: Contender, count: number, users: number): Promise<Figures> {
  const { backlog, backend } = contender.subject;
  return measure(contender, count, () =>
    backlog ? backlog(count, users) : backend.send({ count, users, perTurn: 500 }),
  );
}

/** A live backend that has so many sends under way. */
export function inClosedLoop(
  contender: Contender,
  count: number,
  users: number,
  underWay: number,
): Promise<Figures> {
  return measure(contender, count, () => contender.subject.backend.send({ count, users, perTurn: underWay }));
}

/** A live backend at a steady rate. */
export function atPace(
  contender: Contender,
  perSecond: number,
  users: number,
  seconds: number,
): Promise<Figures> {
  const order = { count: perSecond * seconds, users, perTurn: 1, perSecond };
  return measure(contender, order.count, () => contender.subject.backend.send(order), { isTimed: true });
}

/** Messages for everybody, so many at a time: the next ones when all devices have those. */
export function toEverybody(
  contender: Contender,
  messages: number,
  members: number,
  atATime: number,
): Promise<Figures> {
  const { subject, devices } = contender;
  const send = async (): Promise<void> => {
    for (let sent = 0; sent < messages; sent += atATime) {
      const count = Math.min(atATime, messages - sent);
      await devices.expect(count * members);
      const order = { count, users: members, toAll: true, perTurn: count };
      await Promise.all([devices.arrived(), subject.backend.send(order)]);
    }
  };
  return measure(contender, messages * members, send, { waits: true });
}
