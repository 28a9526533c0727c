import { keptClaimMs, keptOverMs, mostKeptBytes, mostKeptKnown, mostKeptOver } from '../kept.ts';
import { nowMs } from './script-parts.ts';

/*
 * Messages that wait for a device. As scripts.ts says, each is one atomic step in one slot, and harmless when it is run twice.
 * Beside a route stand: a sorted set, id → order; a hash, id → `end key text`, `#id` → how often it was taken, `=key` → the
 * newest id with that key, `#bytes` → the length of all; a hash of what is over and not reported, id → `reason text`;
 * a sorted set of ids that were kept, id → when it may be forgotten.
 * No id and no key contains `#`, `=` or a space.
 */

/** Takes a message out of those that wait. With a reason it is over, and somebody has to be told. */
const finish = `
local function finish(kept, entries, over, id, reason)
  local stored = redis.call('HGET', entries, id)
  redis.call('ZREM', kept, id)
  redis.call('HDEL', entries, id, '#' .. id)
  if stored then
    local key, text = string.match(stored, '^%d+ (%S*) (.*)$')
    if key ~= '' and redis.call('HGET', entries, '=' .. key) == id then redis.call('HDEL', entries, '=' .. key) end
    redis.call('HINCRBY', entries, '#bytes', -#stored)
    if reason and redis.call('HLEN', over) < ${mostKeptOver} then
      redis.call('HSET', over, id, reason .. ' ' .. text)
      if redis.call('PTTL', over) < 0 then redis.call('PEXPIRE', over, ${keptOverMs}) end
    end
  end
  if redis.call('EXISTS', kept) == 0 then redis.call('DEL', entries) end
end
local function endOf(stored) return tonumber(string.match(stored, '^%d+')) end
`;

/**
 * KEYS route, kept, entries, over, known, … · ARGV for each: servers whose routes do not count with commas around, id, when it was sent,
 * for how many ms, its end or '', how many may wait, key or '', for how many ms its id is known, text
 * Answers for each the server that has the device, or one of the words of `KeepOutcome`, and how many are over.
 */
export const keep: string = `
${nowMs}
${finish}
local function remember(known, id, forMs)
  redis.call('ZREMRANGEBYSCORE', known, '-inf', now)
  redis.call('ZADD', known, string.format('%.0f', now + forMs), id)
  redis.call('ZREMRANGEBYRANK', known, 0, -${mostKeptKnown + 1})
  if redis.call('PTTL', known) < forMs then redis.call('PEXPIRE', known, string.format('%.0f', forMs)) end
end
local function keep(route, kept, entries, over, known, notAt, id, sentAt, forMs, expiresAt, most, key, rememberMs, text)
  if redis.call('HEXISTS', entries, id) == 1 or redis.call('HEXISTS', over, id) == 1 then return 'kept' end
  local knownUntil = tonumber(redis.call('ZSCORE', known, id) or nil)
  if knownUntil and knownUntil > now then return 'kept' end
  local holder = redis.call('GETEX', route)
  if holder and string.match(holder, '^%d+$') and not string.find(notAt, ',' .. holder .. ',', 1, true) then
    return tonumber(holder)
  end
  local ends = math.min(now + tonumber(forMs), tonumber(expiresAt) or math.huge)
  if ends <= now then return 'outdated' end
  local stored = string.format('%.0f %s %s', ends, key, text)
  if #stored > ${mostKeptBytes} then return 'too-large' end
  local order = tonumber(sentAt) * 1000
  local last = redis.call('ZREVRANGEBYSCORE', kept, order + 999, order, 'WITHSCORES', 'LIMIT', 0, 1)
  if last[2] then order = tonumber(last[2]) + 1 end
  if key ~= '' then
    local other = redis.call('HGET', entries, '=' .. key)
    local otherOrder = other and tonumber(redis.call('ZSCORE', kept, other) or nil)
    if otherOrder and otherOrder > order then return 'replaced' end
    if otherOrder then finish(kept, entries, over, other, 'REPLACED') end
    redis.call('HSET', entries, '=' .. key, id)
  end
  redis.call('ZADD', kept, string.format('%.0f', order), id)
  redis.call('HSET', entries, id, stored)
  remember(known, id, tonumber(rememberMs))
  local bytes = redis.call('HINCRBY', entries, '#bytes', #stored)
  local count = redis.call('ZCARD', kept)
  while count > 1 and (count > tonumber(most) or bytes > ${mostKeptBytes}) do
    finish(kept, entries, over, redis.call('ZRANGE', kept, 0, 0)[1], 'DROPPED')
    count = count - 1
    bytes = tonumber(redis.call('HGET', entries, '#bytes') or '0')
  end
  local ttl = ends - now + ${keptOverMs}
  for _, name in ipairs({kept, entries, over}) do
    if redis.call('PTTL', name) < ttl then redis.call('PEXPIRE', name, string.format('%.0f', ttl)) end
  end
  return 'kept'
end
local answers = {}
for i = 1, #KEYS / 5 do
  local k, a = 5 * i - 4, 9 * i - 8
  answers[2 * i - 1] = keep(KEYS[k], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4], unpack(ARGV, a, a + 8))
  answers[2 * i] = redis.call('HLEN', KEYS[k + 3])
end
return answers
`;

/** KEYS kept, entries, over · ARGV max, max bytes. Answers {how many are over, id, takes, text, …}. */
export const takeKept: string = `
${nowMs}
${finish}
local kept, entries, over = KEYS[1], KEYS[2], KEYS[3]
redis.call('ZREM', kept, '')
local answer = {0}
local at, bytes = 0, 0
while at < tonumber(ARGV[1]) and bytes < tonumber(ARGV[2]) do
  local id = redis.call('ZRANGE', kept, at, at)[1]
  if not id then break end
  local stored = redis.call('HGET', entries, id)
  if not stored then
    redis.call('ZREM', kept, id)
  elseif endOf(stored) <= now then
    finish(kept, entries, over, id, 'OUTDATED')
  else
    at = at + 1
    bytes = bytes + #stored
    answer[#answer + 1] = id
    answer[#answer + 1] = redis.call('HINCRBY', entries, '#' .. id, 1)
    answer[#answer + 1] = string.match(stored, '^%d+ %S* (.*)$')
  end
end
answer[1] = redis.call('HLEN', over)
return answer
`;

/** KEYS kept of many addresses… Answers the places, counted from 1, of those for which something waits: for nearly all of them nothing does. */
export const waitingKept: string = `
local places = {}
if redis.call('EXISTS', unpack(KEYS)) == 0 then return places end
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then places[#places + 1] = i end
end
return places
`;

/** KEYS kept, entries, over · ARGV ids… One that was over by now has been told of all the same. */
export const acknowledgeKept: string = `
${finish}
redis.call('ZREM', KEYS[1], '')
for i = 1, #ARGV do
  finish(KEYS[1], KEYS[2], KEYS[3], ARGV[i])
  redis.call('HDEL', KEYS[3], ARGV[i])
end
return 1
`;

/** KEYS kept, entries, over · ARGV max. Answers {id, `reason text`, …} of what is over. */
export const keptOver: string = `
${nowMs}
${finish}
redis.call('ZREM', KEYS[1], '')
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local stored = redis.call('HGET', KEYS[2], id)
  if not stored or endOf(stored) <= now then finish(KEYS[1], KEYS[2], KEYS[3], id, 'OUTDATED') end
end
local all = redis.call('HGETALL', KEYS[3])
return {unpack(all, 1, math.min(#all, 2 * tonumber(ARGV[1])))}
`;

/** KEYS kept, entries, over · ARGV ids that were reported… Answers in how many ms the next one is over; '' for never. */
export const reportedKept: string = `
${nowMs}
${finish}
redis.call('ZREM', KEYS[1], '')
for i = 1, #ARGV do redis.call('HDEL', KEYS[3], ARGV[i]) end
if redis.call('EXISTS', KEYS[3]) == 1 then return '0' end
local first = math.huge
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local stored = redis.call('HGET', KEYS[2], id)
  if stored then first = math.min(first, endOf(stored)) end
end
if first == math.huge then return '' end
return string.format('%.0f', math.max(0, first - now))
`;

/** KEYS due · ARGV address, in how many ms, or when if that is earlier, … The earliest of all times counts. */
export const dueKept: string = `
${nowMs}
redis.call('ZREM', KEYS[1], '')
for i = 1, #ARGV, 3 do
  local at = math.min(now + tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]) or math.huge)
  redis.call('ZADD', KEYS[1], 'LT', string.format('%.0f', at), ARGV[i])
end
return 1
`;

/** KEYS due, claimed · ARGV max. Answers the addresses whose time has come, or whose claimer did not end. */
export const claimKept: string = `
${nowMs}
redis.call('ZREM', KEYS[1], '')
local function move(from, to, at)
  local some = redis.call('ZRANGEBYSCORE', from, '-inf', now, 'LIMIT', 0, ARGV[1])
  for _, address in ipairs(some) do
    redis.call('ZADD', to, 'LT', string.format('%.0f', at), address)
    redis.call('ZREM', from, address)
  end
  return some
end
move(KEYS[2], KEYS[1], now)
return move(KEYS[1], KEYS[2], now + ${keptClaimMs})
`;

/** KEYS any, as a Cluster routes by key. Answers its time. */
export const now: string = `
${nowMs}
return string.format('%.0f', now)
`;
