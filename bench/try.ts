import { Arena } from './arena.ts';
import { interleave, measure } from './measure.ts';
import { median } from './process-figures.ts';
const names = (process.env['S'] ?? 'im;im, pong;bare ws;Socket.IO + Redis;Socket.IO + streams;nats-server;mosquitto').split(';') as never[];
const N = Number(process.env['N'] ?? 1000), rounds = Number(process.env['R'] ?? 3);
const arena = await Arena.open(names, N);
const print = (title: string, m: Map<string, any[]>) => { console.log(title); for (const [n, r] of m) console.log('  ', n.padEnd(22), median(r.map(x=>x.cpuUs)).toFixed(2), 'µs', Math.round(median(r.map(x=>x.perSecond))), '/s', r[0].busUs ? median(r.map(x=>x.busUs)).toFixed(2)+' bus':'', r.map(x=>x.cpuUs.toFixed(1)).join(' ')); };
const what = process.env['W'] ?? 'ufo';
if (what.includes('u')) print('unicast', await interleave(arena.contenders, rounds, (c) => measure(c, 40*N, () => c.subject.unicast(40*N, N))));
if (what.includes('f')) print('fanout backlog', await interleave(arena.contenders, rounds, (c) => measure(c, 60*N, () => c.subject.fanout(60, N))));
if (what.includes('o')) print('fanout one by one', await interleave(arena.contenders, rounds, async (c) => { 
  return measure(c, 40*N, async () => { for (let i=0;i<40;i++) { /* one at a time */ await c.subject.fanout(1, N); await new Promise(r=>setTimeout(r,25)); } }); }));
await arena.close();
process.exit(0);
