import { nowMs, readAll } from './script-parts.ts';

/** `expiringBefore issuedBefore sessions` of a revocation (P-5.5); what is absent is the empty text. */
const readRevocation = `string.match(revocation, '^(%d*) ?(%d*) ?(.*)$')`;

/** Whether a revocation refuses a token. */
export const refuses: string = `
local function refuses(revocation, ends, issued, session)
  local expiringBefore, issuedBefore, kept = ${readRevocation}
  if expiringBefore ~= '' and not ((tonumber(ends) or 0) >= tonumber(expiringBefore)) then return true end
  if issuedBefore == '' or (tonumber(issued) or 0) >= tonumber(issuedBefore) then return false end
  return session == '' or not string.find(',' .. kept .. ',', ',' .. session .. ',', 1, true)
end
`;

/**
 * KEYS route, revoked, kept, topics of the user, … · ARGV ttl in ms, and for each: what the route must be ('' for nothing), server
 * id, and of the token its end, its issue and its session, or ''
 * Answers for each nil when the token is revoked, else a digit (1 for `kept` and 2 for topics, where they are there) and what the
 * route was; written if that is what it must be.
 */
export const bind: string = bindWith(4);

/** The same in a Cluster, where the topics of a user are in another slot: they may be there. */
export const bindAlone: string = bindWith(3);

function bindWith(perAddress: 3 | 4): string {
  const [kept, topics] = ['KEYS[first + 3]', 'KEYS[first + 4]'];
  const [keys, beside, nothing] =
    perAddress === 4
      ? [`${kept}, ${topics}`, `redis.call('EXISTS', ${kept}) + 2 * redis.call('EXISTS', ${topics})`, 0]
      : [kept, `redis.call('EXISTS', ${kept}) + 2`, 2];
  // Most have none of the three: one question for all.
  return `
${refuses}
local answers = {}
for i = 1, #KEYS / ${perAddress} do
  local first, at = ${perAddress} * (i - 1), 5 * i - 3
  local route, revoked = KEYS[first + 1], KEYS[first + 2]
  local expected, server = ARGV[at], ARGV[at + 1]
  local before = redis.call('GETEX', route) or ''
  local any = redis.call('EXISTS', revoked, ${keys}) > 0
  local revocation = any and redis.call('GET', revoked)
  if revocation and refuses(revocation, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]) then
    answers[i] = false
  else
    if before == expected then redis.call('SET', route, server, 'PX', ARGV[1]) end
    answers[i] = (any and ${beside} or ${nothing}) .. before
  end
end
return answers
`;
}

/**
 * KEYS route, moving, … · ARGV for each: the server id that it must carry to be removed, for how many ms the device is taken to be on its
 * way, or 0. It is also when the route is gone already: others may have removed it with those of a dead server.
 * Without a route, what was said before of the way stays true.
 */
export const unbind: string = `
for i = 1, #KEYS, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder == ARGV[i] then redis.call('DEL', KEYS[i], KEYS[i + 1]) end
  if ARGV[i + 1] ~= '0' and (holder == ARGV[i] or not holder) then
    redis.call('SET', KEYS[i + 1], 1, 'PX', ARGV[i + 1])
  end
end
return 1
`;

/**
 * ARGV what keys of routes begin with, addresses divided by spaces
 * Answers for each the server of its route, 'moving' when there is none and its device is on its way, or '-', divided by spaces. It makes the keys
 * itself, so that each address is a part of one text instead of two keys and two answers: such a script runs on no Cluster.
 */
export const locate: string = `
${readAll}
local routes = {}
for address in string.gmatch(ARGV[2], '[^ ]+') do routes[#routes + 1] = ARGV[1] .. address end
local holders = readAll(routes)
local absent, marks, isServer = {}, {}, {}
for i = 1, #routes do
  local holder = holders[i]
  if holder and isServer[holder] == nil then isServer[holder] = string.match(holder, '^%d+$') ~= nil end
  if not isServer[holder] then
    absent[#absent + 1] = i
    marks[#marks + 1] = '{' .. routes[i] .. '}:moving'
  end
end
if #marks > 0 then
  local moving = readAll(marks)
  for i = 1, #marks do holders[absent[i]] = moving[i] and 'moving' or '-' end
end
return table.concat(holders, ' ')
`;

/** KEYS routes… · ARGV server id, ttl in ms. Answers per route false when it is mine, else the server that has it. */
export const refresh: string = `
local answers = {}
for i = 1, #KEYS do
  local holder = redis.call('GETEX', KEYS[i])
  if holder and holder ~= ARGV[1] then
    answers[i] = holder
  else
    redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
    answers[i] = false
  end
end
return answers
`;

/**
 * KEYS revoked · ARGV end of the tokens that pass, their issue, sessions that pass whenever their tokens were issued, each
 * of them '' for none; until when it stands. Never shrinks: of two moments the later one counts.
 */
export const revoke: string = `
${nowMs}
local revocation = redis.call('GETEX', KEYS[1]) or ''
local expiringBefore, issuedBefore, kept = ${readRevocation}
if (tonumber(ARGV[1]) or 0) > (tonumber(expiringBefore) or 0) then expiringBefore = ARGV[1] end
if (tonumber(ARGV[2]) or 0) > (tonumber(issuedBefore) or 0) then issuedBefore, kept = ARGV[2], ARGV[3] end
local ttl = math.max(tonumber(ARGV[4]) - now, redis.call('PTTL', KEYS[1]))
if ttl <= 0 then return 0 end
local text = expiringBefore
if issuedBefore ~= '' then text = text .. ' ' .. issuedBefore end
if kept ~= '' then text = text .. ' ' .. kept end
redis.call('SET', KEYS[1], text, 'PX', string.format('%.0f', ttl))
return 1
`;
