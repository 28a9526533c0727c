/**
 * Scripts about sessions. Beside a route stands a hash: session id → until when it counts, the number under which it began, and its
 * server and details as JSON, with spaces between them; and `#` → the last number that was given out here. Each script is one step in
 * one slot.
 */

import { numberKeptMs, sessionTtlMs } from '../sessions.ts';
import { refuses } from './presence-scripts.ts';
import { nowMs } from './script-parts.ts';

/** What it finds in the hash: the last number, and the sessions that count without one id, in the order in which they began. */
const read = `
local function read(rows, now, without)
  local flat = redis.call('HGETALL', rows)
  local last, found = 0, {}
  for i = 1, #flat, 2 do
    local id, text = flat[i], flat[i + 1]
    if id == '#' then
      last = tonumber(text) or 0
    elseif id ~= without then
      local ends, began, json = string.match(text, '^(%d+) (%d+) (.*)$')
      local isRead, session = pcall(cjson.decode, json or '')
      if isRead and type(session) == 'table' and tonumber(session.server) and tonumber(ends) > now then
        local server = string.format('%.0f', session.server)
        found[#found + 1] = {id = id, json = json, server = server, began = tonumber(began), devId = session.devId}
      else
        redis.call('HDEL', rows, id)
      end
    end
  end
  table.sort(found, function(a, b) return a.began < b.began end)
  return last, found
end
local function serversOf(found)
  local servers = {}
  for i = 1, #found do servers[i] = found[i].server end
  return table.concat(servers, ',')
end
local function write(rows, id, ends, began, details)
  redis.call('HSET', rows, id, string.format('%.0f %.0f ', ends, began) .. details)
end
local function nextNumber(rows, now, last)
  local number = string.format('%.0f', math.max(now, last + 1))
  redis.call('HSET', rows, '#', number)
  return number
end
`;

/**
 * KEYS route, revoked, kept, sessions, … · ARGV ttl in ms, and for each: what the route must be ('' for nothing), server id, of
 * the token its end, its issue and its session, then id, details, devId, most, 1 = newcomers are refused, ids that do not
 * count with commas between them
 * Answers for each nil when the token is revoked, else {what the route was, then if that is what it must be: 'refused' or
 * number, open, `k` if messages are kept or `-`, servers of the others that stay in, and then id and details of who refuses or had
 * to go}.
 */
export const bindSession: string = `
${nowMs}
${refuses}
${read}
local answers = {}
for i = 1, #KEYS / 4 do
  local route, revoked, rows, at = KEYS[4 * i - 3], KEYS[4 * i - 2], KEYS[4 * i], 11 * i - 9
  local expected, server, id, details, devId = ARGV[at], ARGV[at + 1], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7]
  local most, isRefusing, without = tonumber(ARGV[at + 8]), ARGV[at + 9] == '1', ',' .. ARGV[at + 10] .. ','
  local before = redis.call('GETEX', route) or ''
  local revocation = redis.call('GET', revoked)
  if revocation and refuses(revocation, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]) then
    answers[i] = false
  elseif before ~= expected then
    answers[i] = {before}
  else
    local last, found = read(rows, now, id)
    local others, gone = {}, {}
    for _, other in ipairs(found) do
      if string.find(without, ',' .. other.id .. ',', 1, true) or (devId ~= '' and other.devId == devId) then
        gone[#gone + 1] = other
      else
        others[#others + 1] = other
      end
    end
    local answer
    if isRefusing and #others >= most then
      answer = {before, 'refused', 0, '-', ''}
      gone = others
    else
      while #others >= most do gone[#gone + 1] = table.remove(others, 1) end
      -- Of several they are there until their servers have closed them, who may never hear of a login that fails.
      if most == 1 then
        for _, other in ipairs(gone) do redis.call('HDEL', rows, other.id) end
      end
      local number = nextNumber(rows, now, last)
      write(rows, id, now + tonumber(ARGV[1]), number, details)
      local hasKept = redis.call('EXISTS', KEYS[4 * i - 1]) == 1
      answer = {before, number, #others + 1, hasKept and 'k' or '-', serversOf(others)}
      redis.call('PEXPIRE', rows, ARGV[1])
      redis.call('SET', route, server, 'PX', ARGV[1])
    end
    for _, other in ipairs(gone) do
      answer[#answer + 1] = other.id
      answer[#answer + 1] = other.json
    end
    answers[i] = answer
  end
end
return answers
`;

/**
 * KEYS route, moving, sessions, … · ARGV for how many ms the device is taken to be on its way, or 0; and for each: server
 * id, session id
 * Answers for each number and how many are open.
 */
export const unbindSession: string = `
${nowMs}
${read}
local answers = {}
for i = 1, #KEYS / 3 do
  local route, moving, rows = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local server, id = ARGV[2 * i], ARGV[2 * i + 1]
  local holder = redis.call('GETEX', route)
  redis.call('HDEL', rows, id)
  local last, found = read(rows, now, id)
  local number = nextNumber(rows, now, last)
  if #found > 0 then
    redis.call('PEXPIRE', rows, ${sessionTtlMs})
    if not holder or holder == server then
      redis.call('SET', route, found[#found].server, 'PX', ${sessionTtlMs})
    end
  else
    redis.call('PEXPIRE', rows, ${numberKeptMs})
    if holder == server then redis.call('DEL', route, moving) end
    if ARGV[1] ~= '0' and (holder == server or not holder) then redis.call('SET', moving, 1, 'PX', ARGV[1]) end
  end
  answers[i] = {number, #found}
end
return answers
`;

/**
 * KEYS route, sessions, … · ARGV ttl in ms, and for each: server id, session id, details, how many may be in
 * Answers for each {} when it is there, {server} when the route is another one's that does not know of it, or as many newer ones are in as
 * may be, else {'', number, open, servers of the others}. Of several the one that is written again is the newest.
 */
export const refreshSession: string = `
${nowMs}
${read}
local answers = {}
for i = 1, #KEYS / 2 do
  local route, rows, at = KEYS[2 * i - 1], KEYS[2 * i], 4 * i - 2
  local server, id, details, most = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local holder = redis.call('GETEX', route)
  local last, found = read(rows, now, id)
  local began = string.match(redis.call('HGET', rows, id) or '', '^%d+ (%d+) ')
  local isShared, newer = false, 0
  for _, other in ipairs(found) do
    if other.server == holder then isShared = true end
    if began and other.began > tonumber(began) then newer = newer + 1 end
  end
  local hasPlace = began or #found < most
  local isAllowed = not holder or (holder == server and (hasPlace or most == 1)) or (isShared and hasPlace)
  if not isAllowed then
    answers[i] = {holder}
  elseif most > 1 and newer >= most then
    answers[i] = {found[#found].server}
  else
    local number = began or nextNumber(rows, now, last)
    write(rows, id, now + tonumber(ARGV[1]), number, details)
    redis.call('PEXPIRE', rows, ARGV[1])
    if began then
      answers[i] = {}
      if not holder then
        found[#found + 1] = {server = server, began = tonumber(began)}
        table.sort(found, function(a, b) return a.began < b.began end)
        holder = found[#found].server
      end
    else
      answers[i] = {'', number, #found + 1, serversOf(found)}
      holder = server
    end
    redis.call('SET', route, holder, 'PX', ARGV[1])
  end
end
return answers
`;

/** KEYS sessions… · Answers what each has, ids and texts by turns. */
export const listSessions: string = `
local answers = {}
for i = 1, #KEYS do answers[i] = redis.call('HGETALL', KEYS[i]) end
return answers
`;

/** KEYS table · ARGV ttl in s, and for each session: id, row or '' */
export const record: string = `
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i]) else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
`;
