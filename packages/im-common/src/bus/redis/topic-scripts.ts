import { leftKeptMs, mostTopicsOfUser, toldMs, topicKeptMs } from '../topics.ts';
import { nowMs } from './script-parts.ts';

// As those of scripts.ts: each is one step in one slot, and harmless when it is run twice.

/**
 * KEYS members, number · ARGV 1 = in, users… Answers the number of the change: microseconds of Redis' clock, so that one that has
 * forgotten all goes on above what it gave before.
 */
export const change: string = `
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0') or 0
local number = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', KEYS[2], number, 'PX', '${topicKeptMs}')
local command = ARGV[1] == '1' and 'SADD' or 'SREM'
for first = 2, #ARGV, 4000 do
  redis.call(command, KEYS[1], unpack(ARGV, first, math.min(first + 3999, #ARGV)))
end
redis.call('PEXPIRE', KEYS[1], '${topicKeptMs}')
return number
`;

/**
 * KEYS of, left, … of each user · ARGV topic, 1 = in, the number of the change of each
 * Answers for each 1 when it stands, -1 when a later change has taken the user out, 0 when the user is in too many.
 */
export const mark: string = `
local answers = {}
for i = 1, #KEYS / 2 do
  local of, left, text = KEYS[2 * i - 1], KEYS[2 * i], ARGV[2 + i]
  local number = tonumber(text)
  local isIn = tonumber(redis.call('HGET', of, ARGV[1]) or '0')
  local isOut = tonumber(redis.call('HGET', left, ARGV[1]) or '0')
  answers[i] = 1
  if ARGV[2] == '1' then
    if isOut > number then
      answers[i] = -1
    elseif isIn == 0 and redis.call('HLEN', of) >= ${mostTopicsOfUser} then
      answers[i] = 0
    else
      if isIn < number then redis.call('HSET', of, ARGV[1], text) end
      redis.call('PEXPIRE', of, '${topicKeptMs}')
      redis.call('HDEL', left, ARGV[1])
    end
  elseif isIn < number then
    redis.call('HDEL', of, ARGV[1])
    if isOut < number then redis.call('HSET', left, ARGV[1], text) end
    redis.call('PEXPIRE', left, '${leftKeptMs}')
  end
end
return answers
`;

/** KEYS of… Answers for each {topic, number, …}. */
export const of: string = `
local answers = {}
for i = 1, #KEYS do
  answers[i] = redis.call('HGETALL', KEYS[i])
  if #answers[i] > 0 then redis.call('PEXPIRE', KEYS[i], '${topicKeptMs}') end
end
return answers
`;

/** KEYS servers, members, number, … of each topic · ARGV servers with blanks between them, of each. Answers the time. */
export const tell: string = `
${nowMs}
for i = 1, #KEYS / 3 do
  local servers = KEYS[3 * i - 2]
  redis.call('ZREMRANGEBYSCORE', servers, '-inf', now - ${toldMs})
  for server in string.gmatch(ARGV[i], '%d+') do redis.call('ZADD', servers, now, server) end
  redis.call('PEXPIRE', servers, '${toldMs}')
  for j = 1, 2 do redis.call('PEXPIRE', KEYS[3 * i - 2 + j], '${topicKeptMs}') end
end
return string.format('%.0f', now)
`;

/** KEYS servers · ARGV server, when it was told last, as far as it knows. */
export const leave: string = `
local told = redis.call('ZSCORE', KEYS[1], ARGV[1])
if told and tonumber(told) <= tonumber(ARGV[2]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1
`;

/** KEYS servers… Answers for each {server, …}. */
export const servers: string = `
${nowMs}
local answers = {}
for i = 1, #KEYS do answers[i] = redis.call('ZRANGEBYSCORE', KEYS[i], now - ${toldMs}, '+inf') end
return answers
`;

/** KEYS members, number · ARGV the number that was read, users… Answers 0, and does nothing, when there was a change since. */
export const restore: string = `
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
redis.call('SADD', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], '${topicKeptMs}')
return 1
`;
