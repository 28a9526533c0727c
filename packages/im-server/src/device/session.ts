import type { Standing } from 'im-common/bus';

/** A session that this server keeps, beside the route of its device. */
export interface OwnSession {
  readonly id: string;
  readonly serverId: number;
  /** How things stood at its address when it began; undefined while the bus has not said so. */
  standing: Standing | undefined;
  /** Its connection takes no more messages, and it is on its way out of the bus. */
  isOver: boolean;
}
