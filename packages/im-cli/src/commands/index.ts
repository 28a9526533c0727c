import type { CliCommand } from '../command.ts';
import { completionCommand } from './completion.ts';
import { deadDrop, deadReplay } from './dead-end.ts';
import { deadList, deadShow } from './dead-read.ts';
import { doctor } from './doctor.ts';
import { drain } from './drain.ts';
import { kick } from './kick.ts';
import { listen } from './listen.ts';
import { online } from './online.ts';
import { push } from './push.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { token } from './token.ts';
import { top } from './top.ts';
import { trace } from './trace.ts';
import { traceOff, traceOn } from './trace-switch.ts';

export const commands: Readonly<Record<string, CliCommand>> = {
  doctor,
  servers,
  online,
  sessions,
  push,
  kick,
  drain,
  top,
  listen,
  // The longer names first: what else follows "trace" is a message.
  'trace on': traceOn,
  'trace off': traceOff,
  trace,
  'dead list': deadList,
  'dead show': deadShow,
  'dead replay': deadReplay,
  'dead drop': deadDrop,
  token,
  completion: completionCommand,
};
