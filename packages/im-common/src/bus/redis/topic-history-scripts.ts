import {
  mostMissedBytes,
  mostTopicBytes,
  mostTopicKnown,
  positionKeptMs,
  positionLagMs,
} from '../topic-history.ts';
import { toldMs } from '../topics.ts';
import { nowMs } from './script-parts.ts';

/*
 * The last messages of a topic: a sorted set, number → `end id text`; and a hash beside it: `epoch`; `last`, the number of the last message;
 * `gone`, that of the last one that is not kept any more; `bytes`; `=id` → number. Numbers are microseconds of Redis' clock, so that what a
 * replica had not heard of yet is not numbered again. Ids that are to be known for longer are in another sorted set, id → number.
 */

const format = `
local function text(number) return string.format('%.0f', number) end
local function endOf(stored) return tonumber(string.match(stored, '^%d+')) end
`;

/**
 * KEYS servers, state, messages, known · ARGV id, for how many ms, its end or '', how many are kept, epoch for the first, for how many
 * ms its id is known, text. Answers {number, epoch, server, …}.
 */
export const append: string = `
${nowMs}
${format}
local servers, state, messages, known, id = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local micros, rememberMs = time[1] * 1000000 + time[2], tonumber(ARGV[6])
local epoch, number = redis.call('HGET', state, 'epoch'), redis.call('HGET', state, '=' .. id)
if not epoch then
  epoch = ARGV[5]
  redis.call('HSET', state, 'epoch', epoch)
end
if not number and rememberMs > 0 then
  local before = tonumber(redis.call('ZSCORE', known, id) or nil)
  if before and before > micros - rememberMs * 1000 then number = text(before) end
end
if not number then
  local last = tonumber(redis.call('HGET', state, 'last') or '0')
  number = text(math.max(last + 1, micros))
  local ends = math.min(now + tonumber(ARGV[2]), tonumber(ARGV[3]) or math.huge)
  local stored = text(ends) .. ' ' .. id .. ' ' .. ARGV[7]
  if redis.call('EXISTS', messages) == 0 then redis.call('HSET', state, 'gone', text(last), 'bytes', 0) end
  redis.call('ZADD', messages, number, stored)
  redis.call('HSET', state, 'last', number, '=' .. id, number)
  local bytes = redis.call('HINCRBY', state, 'bytes', #stored)
  local count = redis.call('ZCARD', messages)
  while count > 0 do
    local first = redis.call('ZRANGE', messages, 0, 0, 'WITHSCORES')
    if count <= tonumber(ARGV[4]) and bytes <= ${mostTopicBytes} and endOf(first[1]) > now then break end
    redis.call('ZREM', messages, first[1])
    redis.call('HSET', state, 'gone', text(tonumber(first[2])))
    redis.call('HDEL', state, '=' .. string.match(first[1], '^%d+ (%S*)'))
    bytes = redis.call('HINCRBY', state, 'bytes', -#first[1])
    count = count - 1
  end
  if rememberMs > 0 then
    -- Those that are to be known for longer than this one stay.
    local isLongest = redis.call('PTTL', known) <= rememberMs
    if isLongest then redis.call('ZREMRANGEBYSCORE', known, '-inf', text(micros - rememberMs * 1000)) end
    redis.call('ZADD', known, number, id)
    redis.call('ZREMRANGEBYRANK', known, 0, -${mostTopicKnown + 1})
    if isLongest then redis.call('PEXPIRE', known, rememberMs) end
  end
  for key, ms in pairs({[messages] = tonumber(ARGV[2]), [state] = ARGV[2] + ${positionKeptMs}}) do
    if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
  end
end
local answer = redis.call('ZRANGEBYSCORE', servers, now - ${toldMs}, '+inf')
table.insert(answer, 1, epoch)
table.insert(answer, 1, number)
return answer
`;

/** KEYS state, messages, … of each topic · ARGV epoch, number or '' of each. Answers for each {} or {epoch, last, 1 = known, number, text, …}. */
export const since: string = `
${nowMs}
${format}
local function missed(state, messages, epoch, from)
  local known = redis.call('HGET', state, 'epoch')
  if not known then return {} end
  local last, gone = tonumber(redis.call('HGET', state, 'last')), tonumber(redis.call('HGET', state, 'gone'))
  if redis.call('EXISTS', messages) == 0 then gone = last end
  local answer, bytes = {known, text(last), 1}, 0
  local nothing = {known, text(last), 0}
  if epoch ~= known or not from then return nothing end
  if from ~= last and from ~= gone and redis.call('ZCOUNT', messages, text(from), text(from)) == 0 then return nothing end
  local found = redis.call('ZRANGEBYSCORE', messages, text(from - ${positionLagMs * 1_000}), '+inf', 'WITHSCORES')
  for i = 1, #found, 2 do
    local stored, number = found[i], tonumber(found[i + 1])
    local isOver = endOf(stored) <= now
    if isOver and number > from then return nothing end
    if not isOver and number ~= from then
      bytes = bytes + #stored
      if bytes > ${mostMissedBytes} then return nothing end
      answer[#answer + 1] = text(number)
      answer[#answer + 1] = string.match(stored, '^%d+ %S* (.*)$')
    end
  end
  return answer
end
local answers = {}
for i = 1, #KEYS / 2 do
  answers[i] = missed(KEYS[2 * i - 1], KEYS[2 * i], ARGV[2 * i - 1], tonumber(ARGV[2 * i]))
end
return answers
`;
