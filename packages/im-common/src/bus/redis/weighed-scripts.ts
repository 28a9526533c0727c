import * as scripts from './list-scripts.ts';
import { weekS } from './script-parts.ts';

/*
 * P-5.12. Lists that may not hold more than so many bytes. Beside such a list stand marks, a sorted set: `n b` with the score n says that
 * the first n entries that were appended, since the list was empty, have b bytes. A list holds the last ones that were appended, so its length
 * and two marks say what it holds, and who takes from it need not know.
 */

/** Marks are as far apart as this part of what a list may hold: so much it may be wrong. */
const marksPerList = 64;

/**
 * Functions of scripts: what a list holds, and the mark after what is appended to it. The first writes nothing, so that a Redis that is full
 * refuses what follows (`scripts.ts`).
 */
export const weigh: string = `
local function readMark(mark)
  local n, bytes = string.match(mark or '0 0', '^(%d+) (%d+)$')
  return tonumber(n), tonumber(bytes)
end
-- Answers what was appended since the list was empty: how many, their bytes, and of those that are not on it any more the same.
local function weigh(sizes, length)
  if length == 0 then return {n = 0, bytes = 0, gone = 0, bytesGone = 0} end
  local n, bytes = readMark(redis.call('ZREVRANGE', sizes, 0, 0)[1])
  local first = redis.call('ZREVRANGEBYSCORE', sizes, n - length, '-inf', 'LIMIT', 0, 1)[1]
    or redis.call('ZRANGE', sizes, 0, 0)[1]
  local gone, bytesGone = readMark(first)
  local next = n - length > gone and redis.call('ZRANGEBYSCORE', sizes, '(' .. gone, '+inf', 'LIMIT', 0, 1)[1]
  if next then
    -- Between two marks all are taken for equal.
    local upTo, bytesThere = readMark(next)
    bytesGone = bytesGone + (bytesThere - bytesGone) * (n - length - gone) / (upTo - gone)
  end
  return {n = n, bytes = bytes, gone = gone, bytesGone = bytesGone}
end
local function markSize(sizes, before, count, added, maxBytes)
  local n, bytes = before.n + count, before.bytes + added
  if before.n == 0 then redis.call('DEL', sizes) else redis.call('ZREMRANGEBYSCORE', sizes, '-inf', '(' .. before.gone) end
  local last = redis.call('ZREVRANGE', sizes, 0, 1)
  if #last == 0 then redis.call('ZADD', sizes, 0, '0 0') end
  if #last == 2 then
    local _, bytesBefore = readMark(last[2])
    if bytes - bytesBefore < maxBytes / ${marksPerList} then redis.call('ZREM', sizes, last[1]) end
  end
  redis.call('ZADD', sizes, n, string.format('%.0f %.0f', n, bytes))
  redis.call('EXPIRE', sizes, ${weekS})
end
`;

/**
 * As \`put\`, for a list that may hold so many bytes; what is longer by itself has the list for itself.
 * KEYS as of \`put\`, sizes · ARGV as of \`put\`, number of entries, their bytes, most bytes
 */
export const putWeighed: string = `
${weigh}
local function put()
${scripts.put}
end
local sizes, maxBytes = table.remove(KEYS), tonumber(table.remove(ARGV))
local added, count = tonumber(table.remove(ARGV)), tonumber(table.remove(ARGV))
local length = redis.call('LLEN', KEYS[1])
local before = weigh(sizes, length)
local drops = ARGV[3] == '1'
if not drops and length > 0 and before.bytes - before.bytesGone + added > maxBytes and redis.call('EXISTS', KEYS[2]) == 0 then
  local done = tonumber(redis.call('GET', KEYS[3]) or nil)
  if not done or done < tonumber(ARGV[1]) then return {-1, length} end
end
local answer = put()
if answer[1] ~= 1 or answer[4] or answer[2] == 0 then return answer end
markSize(sizes, before, count, added, maxBytes)
local n, bytes = before.n + count, before.bytes + added
if drops and bytes - before.bytesGone > maxBytes then
  local marks = redis.call('ZRANGE', sizes, 0, -2)
  local kept = count
  for i = 1, #marks do
    local upTo, bytesThere = readMark(marks[i])
    if bytes - bytesThere <= maxBytes then
      kept = n - upTo
      break
    end
  end
  local dropped = math.max(0, answer[2] - kept)
  if dropped > 0 then redis.call('LTRIM', KEYS[1], dropped, -1) end
  answer[2], answer[3] = answer[2] - dropped, answer[3] + dropped
end
return answer
`;
