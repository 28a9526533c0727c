import { createInterface } from 'node:readline';
import { createImClient } from 'im-client';
import type { Bus } from 'im-common/bus';
import { openDatabase, type PlatformOptions } from 'im-platform';
import { createCore } from '../../../packages/im-platform/src/core.ts';
import type { PlatformMessages } from '../../../packages/im-platform/src/push/platform-im.ts';
import { resolveOptions } from '../../../packages/im-platform/src/resolve-options.ts';

// The log of an instance with no HTTP in front: of a million messages nearly all the time would be spent on their requests.

/** Messages of one writer. Of each three the first goes to the first receiver, the next to the second, and the last to the writer's group. */
export interface WriteOrder {
  readonly order: number;
  readonly writer: number;
  readonly indexes: readonly number[];
  readonly receivers: readonly [number, number];
}

export interface WriteAnswer {
  readonly order: number;
  readonly failed: readonly number[];
}

/** Each line of stdin is an order, and each answer a line of stdout. */
export async function startWriting(given: PlatformOptions & { readonly bus: Bus }): Promise<void> {
  const options = resolveOptions(given);
  const { service, logger } = options;
  const { bus } = given;
  const im = createImClient<PlatformMessages>({ service, bus, logger, terminals: [0, 1, 2] });
  const core = createCore(options, openDatabase({ url: options.database }), { bus, im });
  const { privateLog, groupLog } = core;
  await im.start();
  core.start();
  const send = async (index: number, { writer: sendId, receivers }: WriteOrder): Promise<void> => {
    const tmpId = `w${sendId}-${index}`;
    const said = { sendId, terminal: 1, type: 0, content: tmpId, tmpId };
    const recvId = receivers[index % 3];
    if (recvId !== undefined) await privateLog.append({ draft: { ...said, recvId, needsFriendship: true } });
    else await groupLog.append({ draft: { ...said, groupId: sendId, needsMembership: true } });
  };
  const carryOut = async (order: WriteOrder): Promise<void> => {
    const { order: number, indexes } = order;
    const results = await Promise.allSettled(indexes.map((index) => send(index, order)));
    const failed = indexes.filter((_, at) => results[at]?.status === 'rejected');
    process.stdout.write(`${JSON.stringify({ order: number, failed } satisfies WriteAnswer)}\n`);
  };
  createInterface({ input: process.stdin }).on('line', (line) => {
    void carryOut(JSON.parse(line) as WriteOrder);
  });
}
