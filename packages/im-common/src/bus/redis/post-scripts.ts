import { acknowledge } from './list-scripts.ts';
import { handOver } from './offer-scripts.ts';
import { maxUnpack, nowMs, readAll } from './script-parts.ts';

/**
 * KEYS posted, leases, inflight… · ARGV batch number, what keys of routes begin with, what lists begin with, longest list, the numbers that
 * are acknowledged of each inflight as one text, one pack of messages: each of them the address and the entry where they are one; else
 * the receivers' id as JSON and their terminals, the same of the copies or two empty texts, and the texts of {@link Post}
 * Answers for each message, divided by spaces, for each address the server that it was put for or 0, divided by commas; or `-`.
 *
 * It finds the keys of lists in the routes, so they cannot be named beforehand: such a script runs on no Cluster.
 */
export const post: string = `
${handOver}
${acknowledge}
${readAll}
${nowMs}
local posts = cmsgpack.unpack(ARGV[#ARGV])
local function acknowledgeAll()
  for i = 3, #KEYS do acknowledge(KEYS[i], ARGV[i + 2]) end
end

-- Of all addresses: the key of the route, the address as JSON. Of each message: the last of its receivers, the last of all.
-- The first is no address: what was posted before is read with the routes.
local routes, addresses, lastReceiver, last, count = {KEYS[1]}, {}, {}, {}, 1
local function add(id, terminals)
  local route = ARGV[2] .. string.match(id, '[^"]+') .. ':'
  local before = '{"id":' .. id .. ',"terminal":'
  for terminal in string.gmatch(terminals, '[^,]+') do
    count = count + 1
    routes[count] = route .. terminal
    addresses[count] = before .. terminal .. '}'
  end
end
for i = 1, #posts do
  local message = posts[i]
  if #message == 2 then
    count = count + 1
    routes[count] = ARGV[2] .. message[1]
  else
    add(message[1], message[2])
    lastReceiver[i] = count
    if message[4] ~= '' then add(message[3], message[4]) end
  end
  last[i] = count
end
local holders = readAll(routes)
if holders[1] then
  local number, answer = string.match(holders[1], '^(%d+) (.*)$')
  if tonumber(number) >= tonumber(ARGV[1]) then
    acknowledgeAll()
    return answer
  end
end
local absent, marks = {}, {}
for i = 2, count do
  if not holders[i] then
    absent[#absent + 1] = i
    marks[#marks + 1] = '{' .. routes[i] .. '}:moving'
  end
end
if #marks > 0 then
  local moving = readAll(marks)
  for i = 1, #marks do
    if moving[i] then holders[absent[i]] = 'moving' end
  end
end

-- A server that lives, and its list; false for any other holder of a route.
local servers, found = {}, {}
local most = tonumber(ARGV[4])
local function serverOf(holder)
  local server = servers[holder]
  if server ~= nil then return server end
  server = false
  local lease = #holder <= 10 and string.match(holder, '^%d+$') and redis.call('ZSCORE', KEYS[2], holder)
  if lease and tonumber(lease) > now then
    local list = ARGV[3] .. holder
    local length = redis.pcall('LLEN', list)
    if type(length) == 'number' and redis.call('EXISTS', '{' .. list .. '}:closed') == 0 then
      server = {list = list, length = length, entries = {}}
      found[#found + 1] = server
    end
  end
  servers[holder] = server
  return server
end

-- Behind: what stands behind a message that is left.
local answers, behind, isLeft = {}, {}, false
local first = 2
for i = 1, #posts do
  local message, to, isPlain = posts[i], last[i], true
  for j = first, to do
    local holder = holders[j]
    local server = holder and serverOf(holder)
    if holder and not (server and server.length + #server.entries < most) or isLeft and behind[routes[j]] then
      isPlain = false
    end
  end
  if not isPlain then
    isLeft = true
    for j = first, to do behind[routes[j]] = true end
    answers[i] = '-'
  elseif #message == 2 then
    local holder = holders[first]
    if holder then
      local entries = servers[holder].entries
      entries[#entries + 1] = message[2]
    end
    answers[i] = holder or '0'
  else
    local told = {}
    for j = first, to do
      local holder = holders[j]
      if holder then
        local entries = servers[holder].entries
        entries[#entries + 1] = message[5] .. addresses[j] .. message[j <= lastReceiver[i] and 6 or 7] .. message[8]
      end
      told[#told + 1] = holder or '0'
    end
    answers[i] = table.concat(told, ',')
  end
  first = to + 1
end

local answer = table.concat(answers, ' ')
local isPut = false
for i = 1, #found do
  local list, length, entries = found[i].list, found[i].length, found[i].entries
  if #entries > 0 then
    isPut = true
    if length > 0 or not handOver('{' .. list .. '}:offer', entries) then
      for from = 1, #entries, ${maxUnpack} do
        redis.call('RPUSH', list, unpack(entries, from, math.min(from + ${maxUnpack} - 1, #entries)))
      end
      if length > 0 then redis.call('PERSIST', list) end
    end
  end
end
-- Also when nothing was put: it may come once more and late, when what it has left was put by others. Then a full Redis may refuse it.
local set = isPut and redis.call or redis.pcall
set('SET', KEYS[1], ARGV[1] .. ' ' .. answer, 'EX', 300)
acknowledgeAll()
return answer
`;
