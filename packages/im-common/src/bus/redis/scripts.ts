/**
 * The bus's scripts. Each is one atomic step in one slot, and harmless when it is run twice: the Redis client may lose
 * the answer of a command that took effect (`docs/decisions`), and then the caller can only ask again.
 * Keys and arguments stand on top of each.
 */

/** Longest argument list that Lua's `unpack` may pass on safely; its stack holds 8,000. */
const maxUnpack = 4_000;
/** {@link take} answers in packs of about so many bytes, and no more than so many entries. */
const packBytes = 32_768;
const packEntries = 1_000;
/** Entries that it looks at in a step, as large ones are not taken all. */
const lookAhead = 500;

/** A batch of more goes on the list, where many are taken at once. */
const mostHanded = 64;

/*
 * A Redis that is full refuses a script whose first write needs memory, and lets pass what follows another write. That
 * is right for `put`. Leases, routes and hand-overs need next to none, and without them everything would go down with
 * the senders: these scripts begin with a write that changes nothing (GETEX, or the removal of a member that is none).
 */

/** End of what belongs to somebody who never comes back. Whoever is alive moves it on. */
export const weekS = 604_800;

/**
 * A function of scripts: puts entries for an empty list into the hands of who has offered to take them, when that one listens;
 * only few that are small, as the list is cheaper for others. False when they have to go on the list.
 */
export const handOver: string = `
local function handOver(offerKey, entries)
  if #entries > ${mostHanded} then return false end
  local offer = redis.call('HMGET', offerKey, 'inflight', 'channel', 'until')
  local seq = offer[1] and tonumber(redis.pcall('HGET', offer[1], 'seq'))
  local hears = seq and seq + #entries <= tonumber(offer[3]) and redis.pcall('PUBSUB', 'NUMSUB', offer[2])
  if not (hears and hears[2] and hears[2] > 0) then return false end
  local pairs = {'seq', seq + #entries}
  local bytes = 0
  for i = 1, #entries do
    pairs[#pairs + 1] = seq + i
    pairs[#pairs + 1] = entries[i]
    bytes = bytes + #entries[i]
  end
  if bytes > ${packBytes} then return false end
  redis.call('HSET', offer[1], unpack(pairs))
  local heard = redis.pcall('PUBLISH', offer[2], string.format('%.0f:', seq) .. cmsgpack.pack(entries))
  if type(heard) == 'number' then return true end
  for i = 1, #entries do redis.call('HDEL', offer[1], seq + i) end
  redis.call('HSET', offer[1], 'seq', seq)
  redis.call('DEL', offerKey)
  return false
end
`;

/**
 * KEYS list, closed, turn, offer, inflight… · ARGV turn, maxLength, 1 = drop oldest, list ttl in ms or 0, the numbers that are
 * settled of each inflight as one text, 1 = packed, entries… or one pack of them
 * Answers {1, length, dropped}, {1, length, 0, 1} when this turn was put before, {0} when closed, {-1, length} when full.
 */
export const put: string = `
${handOver}
local done = redis.call('GET', KEYS[3])
local length = redis.call('LLEN', KEYS[1])
if done and tonumber(done) >= tonumber(ARGV[1]) then return {1, length, 0, 1} end
if redis.call('EXISTS', KEYS[2]) == 1 then return {0} end
local max = tonumber(ARGV[2])
local entriesAt = #KEYS + 2
local entries
if ARGV[entriesAt - 1] == '1' then entries = cmsgpack.unpack(ARGV[entriesAt]) else entries = {unpack(ARGV, entriesAt)} end
if ARGV[3] == '0' and length + #entries > max then return {-1, length} end
local isHanded = length == 0 and handOver(KEYS[4], entries)
for first = 1, isHanded and 0 or #entries, ${maxUnpack} do
  length = redis.call('RPUSH', KEYS[1], unpack(entries, first, math.min(first + ${maxUnpack} - 1, #entries)))
end
for i = 5, #KEYS do
  local seqs = {}
  for seq in string.gmatch(ARGV[i], '%d+') do seqs[#seqs + 1] = seq end
  for first = 1, #seqs, ${maxUnpack} do
    redis.call('HDEL', KEYS[i], unpack(seqs, first, math.min(first + ${maxUnpack} - 1, #seqs)))
  end
end
local dropped = 0
if length > max then
  dropped = length - max
  redis.call('LTRIM', KEYS[1], dropped, -1)
end
redis.call('SET', KEYS[3], ARGV[1], 'EX', 300)
if ARGV[4] ~= '0' then
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
 * When the caller knows of less than was taken, an answer was lost: the same entries again.
 */
export const take: string = `
local seq = redis.call('HGET', KEYS[2], 'seq')
if not seq then return false end
local known = tonumber(ARGV[1])
local max = tonumber(ARGV[2])
local maxBytes = tonumber(ARGV[3])
local entries, count, bytes = {}, 0, 0
if tonumber(seq) > known then
  max = math.min(max, tonumber(seq) - known)
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

/**
 * KEYS inflight, offer · ARGV seq that the consumer knows of, channel, seq up to which it may be handed entries
 * Answers 0 when it is not open. A Redis that has forgotten some of its numbers would hand over what it takes for old.
 */
export const offer: string = `
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then return 0 end
if tonumber(seq) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'seq', ARGV[1]) end
redis.call('HSET', KEYS[2], 'inflight', KEYS[1], 'channel', ARGV[2], 'until', ARGV[3])
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ${weekS}) end
return 1
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
 * KEYS route, revoked, kept, … · ARGV ttl in ms, and for each: what the route must be ('' for nothing), server id,
 * and of the token its end, its issue and its session, or ''
 * Answers for each nil when the token is revoked, else `k` if messages are kept or `-`, and what the route was; written if that
 * is what it must be.
 */
export const bind: string = `
${refuses}
local answers = {}
for i = 1, #KEYS / 3 do
  local route, revoked, at = KEYS[3 * i - 2], KEYS[3 * i - 1], 5 * i - 3
  local expected, server = ARGV[at], ARGV[at + 1]
  local before = redis.call('GETEX', route) or ''
  local revocation = redis.call('GET', revoked)
  if revocation and refuses(revocation, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]) then
    answers[i] = false
  else
    if before == expected then redis.call('SET', route, server, 'PX', ARGV[1]) end
    answers[i] = (redis.call('EXISTS', KEYS[3 * i]) == 1 and 'k' or '-') .. before
  end
end
return answers
`;

/**
 * KEYS route, moving, … · ARGV for each: the server id that it must carry to be removed, for how many ms the device is taken to be on its
 * way, or 0. It is also when the route is gone already: others may have removed it with those of a dead server.
 */
export const unbind: string = `
for i = 1, #KEYS, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder == ARGV[i] then redis.call('DEL', KEYS[i]) end
  if holder == ARGV[i] or not holder then
    redis.call('DEL', KEYS[i + 1])
    if ARGV[i + 1] ~= '0' then redis.call('SET', KEYS[i + 1], 1, 'PX', ARGV[i + 1]) end
  end
end
return 1
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

export const nowMs: string = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
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

/** KEYS lock · ARGV holder, ms. Answers 1 for the holder. */
export const lock: string = `
local holder = redis.call('GETEX', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
