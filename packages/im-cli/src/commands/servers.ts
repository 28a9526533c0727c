import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { lasting } from '../output/words.ts';
import { readServers, type ServerRow } from 'im-common/internal/bus';

const noServer: string =
  'No server is registered here. Is one running, on this Redis and database, and with this key prefix? ' +
  '(Those of box-im do not register.)';

export const servers: CliCommand = {
  about: 'The push servers: who lives, who died or left, how many devices each has, how much waits for it.',
  options: busOptions,
  async run(context) {
    const { out } = context;
    const rows = await readServers(await context.bus());
    const lives = rows.some(({ state }) => state === 'live' || state === 'draining');
    if (out.isJson) await out.json({ servers: rows.map(toJson) });
    else if (rows.length > 0) {
      const head = ['id', 'state', 'connections', 'waiting', 'up', 'address', 'features'];
      await out.table(head, rows.map(cellsOf));
    }
    if (!lives) out.note(noServer);
    return lives ? exitCodes.done : exitCodes.no;
  },
};

function toJson({ boot: _, info, sinceMs, ...row }: ServerRow): object {
  return { ...row, ...(sinceMs !== undefined && { [`${row.state}ForMs`]: sinceMs }), ...info };
}

function cellsOf({ id, info, sinceMs, state, waiting }: ServerRow): (string | number | undefined)[] {
  return [
    id,
    sinceMs === undefined ? state : `${state} for ${lasting(sinceMs)}`,
    info?.connections,
    waiting,
    info && info.startedAt > 0 ? lasting(Date.now() - info.startedAt) : undefined,
    info?.address,
    info?.features.join(','),
  ];
}
