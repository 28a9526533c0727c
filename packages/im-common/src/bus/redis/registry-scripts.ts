import { nowMs, weekS } from './script-parts.ts';

/**
 * What the counter must at least have come to: the seconds since 2026. A Redis that lost its memory, or a part of it, would
 * count again what it gave before, to servers of box-im too, of which nobody knows whether they still run. It stays
 * above as long as servers are started less than once a second, and within the 31 bits that box-im reads until 2094.
 */
const leastServerId = `math.floor(now / 1000) - 1767225600`;

/** KEYS counter, leases. Answers the next id that nobody holds. */
export const nextServerId: string = `
${nowMs}
local last = tonumber(redis.call('GETEX', KEYS[1]) or '0') or 0
local id = math.max(last + 1, ${leastServerId})
while redis.call('ZSCORE', KEYS[2], id) do id = id + 1 end
redis.call('SET', KEYS[1], id)
return id
`;

/**
 * KEYS leases, members, ended, dead, counter · ARGV id, boot, lease ms, info, 1 = server group
 * Answers renewed, new, taken or dead. A server that tells a forgetful Redis of itself again also lifts the counter.
 */
export const renew: string = `
${nowMs}
if redis.call('EXISTS', KEYS[3]) == 1 then return 'dead' end
local member = redis.call('HGET', KEYS[2], ARGV[1])
if member and string.sub(member, 1, #ARGV[2] + 1) ~= ARGV[2] .. '\\n' then return 'taken' end
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[1], '')
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '\\n' .. ARGV[4])
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
if known then return 'renewed' end
redis.call('ZREM', KEYS[4], ARGV[1])
if ARGV[5] == '1' and (tonumber(redis.call('GET', KEYS[5]) or '0') or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[5], math.max(tonumber(ARGV[1]), ${leastServerId}))
end
return 'new'
`;

/**
 * KEYS leases, members, dead, notices · ARGV how long the dead are remembered, in ms
 * Answers {live id, member, …}, {expired id, member, ms late, …}, {dead id, ms ago, …}, {notice, text, …}.
 */
export const view: string = `
${nowMs}
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[1]))
local live, expired, dead = {}, {}, {}
local leases = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #leases, 2 do
  local group = tonumber(leases[i + 1]) > now and live or expired
  group[#group + 1] = leases[i]
  group[#group + 1] = redis.call('HGET', KEYS[2], leases[i]) or ''
  if group == expired then group[#group + 1] = now - tonumber(leases[i + 1]) end
end
local died = redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES')
for i = 1, #died, 2 do
  dead[#dead + 1] = died[i]
  dead[#dead + 1] = now - tonumber(died[i + 1])
end
local notices = {}
local posted = redis.call('HGETALL', KEYS[4])
for i = 1, #posted, 2 do
  local ends, text = string.match(posted[i + 1], '^(%d+) (.*)$')
  if ends and tonumber(ends) > now then
    notices[#notices + 1] = posted[i]
    notices[#notices + 1] = text
  else
    redis.call('HDEL', KEYS[4], posted[i])
  end
end
return {live, expired, dead, notices}
`;

/** KEYS notices · ARGV name, text, ms that it stands. Answers the text that stood there before. */
export const post: string = `
${nowMs}
local ends, before = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+) (.*)$')
if ends and tonumber(ends) <= now then before = nil end
redis.call('HDEL', KEYS[1], ARGV[1])
if ARGV[3] ~= '0' then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', now + tonumber(ARGV[3])) .. ARGV[2])
  redis.call('EXPIRE', KEYS[1], ${weekS})
end
return before or false
`;

/** KEYS leases, members, ended, dead · ARGV id, boot, 1 = even while the lease runs. Answers 1 when it is dead now. */
export const end: string = `
${nowMs}
local member = redis.call('HGET', KEYS[2], ARGV[1])
if not member or string.sub(member, 1, #ARGV[2] + 1) ~= ARGV[2] .. '\\n' then
  return redis.call('EXISTS', KEYS[3])
end
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[3] == '0' and ends and tonumber(ends) > now then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('SET', KEYS[3], 1, 'EX', 86400)
redis.call('ZADD', KEYS[4], now, ARGV[1])
redis.call('EXPIRE', KEYS[4], ${weekS})
return 1
`;

/** KEYS lock · ARGV holder, ms. Answers 1 for the holder. */
export const lock: string = `
local holder = redis.call('GETEX', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
