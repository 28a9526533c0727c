import { handOver } from './offer-scripts.ts';
import { nowMs, weekS } from './script-parts.ts';
import { weigh } from './weighed-scripts.ts';

// What devices say to services. As scripts.ts says, each script is one atomic step in one slot, and harmless when it is run twice.
// A record of an outbox is `last via used`: the last number that is stored, the server that it was heard at last, and when.

const readRecord = (record: string): string => `string.match(${record} or '', '^(%d+) (%d+) (%d+)$')`;

/** The field beside the outboxes of an address that counts what waits for the service. */
const waiting = `':waiting'`;

/**
 * KEYS list, offer, sizes, and for each uplink: outboxes of its address, its reply · ARGV longest list, most outstanding, most outboxes,
 * memory of outboxes in ms, most bytes on the list, and for each: outbox, number, done with, server, entry
 * Answers for each 0 stored, 1 stored before or its reply, -1 full, -2 gap, -3 too many wait.
 */
export const putUplinks: string = `
${nowMs}
${handOver}
${weigh}
local maxLength, maxOutstanding, maxBytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[5])
local length = redis.call('LLEN', KEYS[1])
local before = weigh(KEYS[3], length)
local held, added = before.bytes - before.bytesGone, 0
local answers, entries = {}, {}
local function remember(boxes, box, last, via)
  if redis.call('HSET', boxes, box, string.format('%.0f %s %.0f', last, via, now)) == 1
    and redis.call('HLEN', boxes) > tonumber(ARGV[3]) + 1 then
    local oldest, oldestUsed
    local flat = redis.call('HGETALL', boxes)
    for i = 1, #flat, 2 do
      local _, _, used = ${readRecord('flat[i + 1]')}
      if used and flat[i] ~= box and (not oldest or tonumber(used) < oldestUsed) then
        oldest, oldestUsed = flat[i], tonumber(used)
      end
    end
    if oldest then redis.call('HDEL', boxes, oldest) end
  end
  redis.call('PEXPIRE', boxes, ARGV[4])
end
for i = 1, (#KEYS - 3) / 2 do
  local boxes, at = KEYS[2 * i + 2], 5 * i + 1
  local box, n, done, via = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
  -- A bus that has forgotten some, or all, believes the device what it has done with.
  local last = math.max(tonumber(${readRecord(`redis.call('HGET', boxes, box)`)} or 0), done)
  if n <= last then
    remember(boxes, box, last, via)
    answers[i] = redis.call('GET', KEYS[2 * i + 3]) or 1
  elseif n > last + 1 then
    answers[i] = -2
  elseif (tonumber(redis.call('HGET', boxes, ${waiting}) or 0)) >= maxOutstanding then
    answers[i] = -3
  elseif length + #entries >= maxLength or (held + added > 0 and held + added + #ARGV[at + 4] > maxBytes) then
    answers[i] = -1
  else
    remember(boxes, box, n, via)
    redis.call('HINCRBY', boxes, ${waiting}, 1)
    entries[#entries + 1] = ARGV[at + 4]
    added = added + #ARGV[at + 4]
    answers[i] = 0
  end
end
if #entries > 0 then
  if not (length == 0 and handOver(KEYS[2], entries)) then
    redis.call('RPUSH', KEYS[1], unpack(entries))
    markSize(KEYS[3], before, #entries, added, maxBytes)
  end
  redis.call('EXPIRE', KEYS[1], ${weekS})
end
return answers
`;

/**
 * KEYS inflight, and for each: outboxes of its address, its reply · ARGV ms that replies are kept, and for each: number in flight,
 * outbox, reply or ''
 * Answers for each the server of the device when its reply is kept, 0 without a reply, -1 when it is not in flight here.
 */
export const acknowledgeUplinks: string = `
local answers = {}
for i = 1, (#KEYS - 1) / 2 do
  local boxes, reply, at = KEYS[2 * i], KEYS[2 * i + 1], 3 * i - 1
  local isOurs = redis.call('HDEL', KEYS[1], ARGV[at]) == 1
  if isOurs then
    if (tonumber(redis.call('HGET', boxes, ${waiting}) or 0)) > 0 then redis.call('HINCRBY', boxes, ${waiting}, -1) end
    if ARGV[at + 2] ~= '' then redis.call('SET', reply, ARGV[at + 2], 'PX', ARGV[1]) end
  end
  if ARGV[at + 2] ~= '' and redis.call('EXISTS', reply) == 1 then
    local _, via = ${readRecord(`redis.call('HGET', boxes, ARGV[at + 1])`)}
    answers[i] = tonumber(via) or 0
  else
    answers[i] = isOurs and 0 or -1
  end
end
return answers
`;

/** The epoch stays, so that the next owner has a higher one, also in the same millisecond, and when the clock went back. `-` owns nothing. */
const giveUp = (owners: string, partition: string, instance: string): string => `
  local owner, epoch = string.match(redis.call('HGET', ${owners}, ${partition}) or '', '^(%S+) (%d+)$')
  if owner == ${instance} then redis.call('HSET', ${owners}, ${partition}, '- ' .. epoch) end
`;

/**
 * KEYS instances, owners · ARGV instance, lease ms, number of partitions, those given up with spaces between them
 * Answers {share, partition, epoch, …}. Of owners the field of a partition is \`instance epoch\`, and that of an instance
 * since when it is known to be late.
 */
export const shareUplinks: string = `
${nowMs}
local me, leaseMs, partitions = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREM', KEYS[1], '')
redis.call('ZADD', KEYS[1], now + leaseMs, me)
redis.call('HDEL', KEYS[2], 'late:' .. me)
for p in string.gmatch(ARGV[4], '%d+') do ${giveUp('KEYS[2]', 'p', 'me')} end
local late = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)
for i = 1, #late do
  local since = redis.call('HGET', KEYS[2], 'late:' .. late[i])
  if not since then
    redis.call('HSET', KEYS[2], 'late:' .. late[i], string.format('%.0f', now))
  elseif now - tonumber(since) >= leaseMs / 4 then
    redis.call('ZREM', KEYS[1], late[i])
    redis.call('HDEL', KEYS[2], 'late:' .. late[i])
  end
end
local share = math.ceil(partitions / redis.call('ZCARD', KEYS[1]))
local mine, free = {}, {}
for p = 0, partitions - 1 do
  local owner, epoch = string.match(redis.call('HGET', KEYS[2], p) or '', '^(%S+) (%d+)$')
  if owner == me then
    mine[#mine + 1] = {p, epoch}
  elseif not owner or not redis.call('ZSCORE', KEYS[1], owner) then
    free[#free + 1] = {p, epoch}
  end
end
for i = 1, math.min(#free, share - #mine) do
  local p, before = free[i][1], tonumber(free[i][2]) or 0
  local epoch = string.format('%.0f', math.max(now, before + 1))
  redis.call('HSET', KEYS[2], p, me .. ' ' .. epoch)
  mine[#mine + 1] = {p, epoch}
end
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
local answer = {share}
for i = 1, #mine do
  answer[#answer + 1] = mine[i][1]
  answer[#answer + 1] = mine[i][2]
end
return answer
`;

/** KEYS instances, owners · ARGV instance, number of partitions */
export const leaveUplinks: string = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], 'late:' .. ARGV[1])
for p = 0, tonumber(ARGV[2]) - 1 do ${giveUp('KEYS[2]', 'p', 'ARGV[1]')} end
return 1
`;

/** KEYS epoch, consumers, inflight, offer · ARGV consumer, epoch. Answers 0 when there was a later owner. */
export const claimUplinks: string = `
local epoch = tonumber(redis.call('GETEX', KEYS[1]) or '0')
if epoch > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ${weekS})
redis.call('SADD', KEYS[2], ARGV[1])
if redis.call('HSETNX', KEYS[3], 'seq', 0) == 1 and redis.call('HGET', KEYS[4], 'inflight') == KEYS[3] then
  redis.call('DEL', KEYS[4])
end
for i = 2, 3 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
return 1
`;
