import { execFileSync } from 'node:child_process';
import { lots } from './small.ts';

/** Some are for listening, Redis, files and the bench itself. */
const others = 500;

/** Two or three processes full of devices share a multiple of it evenly, and know how many messages to expect. */
const unit = lots(1_500);

/** How many connections a process may hold here: some 20,000, or fewer where the system allows no more descriptors. */
export const mostConnections: number =
  Math.floor(Math.min(lots(21_000), descriptorLimit() - others) / unit) * unit;

function descriptorLimit(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Infinity : Number(limit);
}
