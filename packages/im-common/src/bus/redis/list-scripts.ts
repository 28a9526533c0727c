import { handOver } from './offer-scripts.ts';
import { maxUnpack, packBytes, weekS } from './script-parts.ts';

/** {@link take} answers in packs of no more than so many entries. */
const packEntries = 1_000;
/** Entries that it looks at in a step, as large ones are not taken all. */
const lookAhead = 500;
const halfAWeekMs = weekS * 500;

/** A function of scripts: forgets entries in flight, whose numbers stand in one text. */
export const acknowledge: string = `
local function acknowledge(inflight, numbers)
  local seqs = {}
  for seq in string.gmatch(numbers, '%d+') do seqs[#seqs + 1] = seq end
  for first = 1, #seqs, ${maxUnpack} do
    redis.call('HDEL', inflight, unpack(seqs, first, math.min(first + ${maxUnpack} - 1, #seqs)))
  end
end
`;

/**
 * KEYS list, closed, last batch, offer, inflight… · ARGV batch number, maxLength, 1 = drop oldest, list ttl in ms or 0 or -1, the numbers that are
 * acknowledged of each inflight as one text, 1 = packed, entries… or one pack of them
 * -1: a list that somebody takes from. When this Redis knows nothing of the producer either, it may have lost its memory, and that taker may
 * have died before: the list gets a week, which goes with it when it is taken.
 * Answers {1, length, dropped}, {1, length, 0, 1} when this batch was put before, {0} when closed, {-1, length} when full.
 */
export const put: string = `
${handOver}
${acknowledge}
local closed, done = unpack(redis.call('MGET', KEYS[2], KEYS[3]))
local length = redis.call('LLEN', KEYS[1])
if done and tonumber(done) >= tonumber(ARGV[1]) then return {1, length, 0, 1} end
if closed then return {0} end
local max = tonumber(ARGV[2])
local entriesAt = #KEYS + 2
local entries
if ARGV[entriesAt - 1] == '1' then entries = cmsgpack.unpack(ARGV[entriesAt]) else entries = {unpack(ARGV, entriesAt)} end
if ARGV[3] == '0' and length + #entries > max then return {-1, length} end
local isHanded = length == 0 and handOver(KEYS[4], entries)
for first = 1, isHanded and 0 or #entries, ${maxUnpack} do
  length = redis.call('RPUSH', KEYS[1], unpack(entries, first, math.min(first + ${maxUnpack} - 1, #entries)))
end
for i = 5, #KEYS do acknowledge(KEYS[i], ARGV[i]) end
local dropped = 0
if length > max then
  dropped = length - max
  redis.call('LTRIM', KEYS[1], dropped, -1)
end
redis.call('SET', KEYS[3], ARGV[1], 'EX', 300)
if ARGV[4] == '-1' then
  if length > 0 and (length > #entries or not done) and redis.call('PTTL', KEYS[1]) < ${halfAWeekMs} then
    redis.call('EXPIRE', KEYS[1], ${weekS})
  end
elseif isHanded then
  -- There is no list that could end.
elseif ARGV[4] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
elseif length > #entries then
  redis.call('PERSIST', KEYS[1])
end
return {1, length - dropped, dropped}
`;

/** KEYS consumers, inflight, offer · ARGV consumer. A consumer that is open already keeps its number; what was offered under an older one is void. */
export const open: string = `
redis.call('SREM', KEYS[1], '')
redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('HSETNX', KEYS[2], 'seq', 0) == 1 and redis.call('HGET', KEYS[3], 'inflight') == KEYS[2] then
  redis.call('DEL', KEYS[3])
end
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
return 1
`;

/**
 * KEYS list, inflight, consumers · ARGV seq that the caller knows of, max entries, max bytes
 * Answers nil when the consumer is not open, else {seq before the first, packs of entries…}. Packs are small enough for
 * the caller to keep one for the sake of an entry. More bytes than allowed come only with the last entry.
 * When the caller knows of less than was taken, an answer was lost, or it begins anew: what is still in flight again.
 */
export const take: string = `
local seq = tonumber(redis.call('HGET', KEYS[2], 'seq'))
if not seq then return false end
local known = tonumber(ARGV[1])
if seq > known and redis.call('HEXISTS', KEYS[2], known + 1) == 0 then
  -- It was acknowledged. Were it counted, a caller with nothing but such before it would never get beyond.
  local least = seq + 1
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    local number = tonumber(field)
    if number and number > known and number < least then least = number end
  end
  known = least - 1
end
local max = tonumber(ARGV[2])
local maxBytes = tonumber(ARGV[3])
local entries, count, bytes = {}, 0, 0
if seq > known then
  max = math.min(max, seq - known)
  while count < max and bytes < maxBytes do
    count = count + 1
    entries[count] = redis.call('HGET', KEYS[2], known + count)
    bytes = bytes + (entries[count] and #entries[count] or 0)
  end
else
  while bytes < maxBytes do
    local last = math.min(count + ${lookAhead}, max)
    local some = redis.call('LRANGE', KEYS[1], count, last - 1)
    for i = 1, #some do
      if bytes >= maxBytes then break end
      count = count + 1
      entries[count] = some[i]
      bytes = bytes + #some[i]
    end
    if count < last or count == max then break end
  end
  if count == 0 then return {known} end
  redis.call('LTRIM', KEYS[1], count, -1)
  for first = 1, count, ${maxUnpack / 2 - 1} do
    local last = math.min(first + ${maxUnpack / 2 - 2}, count)
    local pairs = {'seq', known + last}
    for i = first, last do
      pairs[#pairs + 1] = known + i
      pairs[#pairs + 1] = entries[i]
    end
    redis.call('HSET', KEYS[2], unpack(pairs))
  end
  for i = 2, 3 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
end
local answer = {known}
local first = 1
bytes = 0
for i = 1, count do
  bytes = bytes + (entries[i] and #entries[i] or 0)
  if i == count or bytes >= ${packBytes} or i - first >= ${packEntries} then
    answer[#answer + 1] = cmsgpack.pack({unpack(entries, first, i)})
    first = i + 1
    bytes = 0
  end
end
return answer
`;

/** KEYS list, consumers, inflight, offer · ARGV consumer. Puts what is in flight back in front, in its order; answers how many. */
export const requeue: string = `
local flat = redis.call('HGETALL', KEYS[3])
local entries = {}
for i = 1, #flat, 2 do
  if flat[i] ~= 'seq' then entries[#entries + 1] = {tonumber(flat[i]), flat[i + 1]} end
end
table.sort(entries, function(a, b) return a[1] > b[1] end)
redis.call('SREM', KEYS[2], ARGV[1])
for i = 1, #entries do redis.call('LPUSH', KEYS[1], entries[i][2]) end
if redis.call('PTTL', KEYS[1]) == -1 then redis.call('EXPIRE', KEYS[1], ${weekS}) end
redis.call('DEL', KEYS[3])
if redis.call('HGET', KEYS[4], 'inflight') == KEYS[3] then redis.call('DEL', KEYS[4]) end
return #entries
`;

/** KEYS closed · ARGV ttl in seconds. */
export const closeList: string = `
redis.call('GETEX', KEYS[1])
redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])
return 1
`;

/**
 * KEYS list · ARGV where to begin, how many to look at, entries
 * Removes those that stand there. Answers which of the entries these were, counted from 1. Each is marked by its place, and all
 * marks go at once: to look for each in a long list takes longer than anybody waits.
 */
export const remove: string = `
local mark = '\\0removed'
local wanted, found = {}, {}
for i = #ARGV, 3, -1 do
  wanted[ARGV[i]] = wanted[ARGV[i]] or {}
  table.insert(wanted[ARGV[i]], i - 2)
end
local first = tonumber(ARGV[1])
for i, entry in ipairs(redis.call('LRANGE', KEYS[1], first, first + tonumber(ARGV[2]) - 1)) do
  local places = wanted[entry]
  if places and #places > 0 then
    found[#found + 1] = table.remove(places)
    redis.call('LSET', KEYS[1], first + i - 1, mark)
  end
end
if #found > 0 then redis.call('LREM', KEYS[1], #found, mark) end
return found
`;
