import { packBytes, weekS } from './script-parts.ts';

/*
 * Redis' Lua makes a hash of every text, of all its bytes, and writes numbers with 17 digits: texts are passed on as they came,
 * and numbers as texts, wherever a message has some.
 */

/** A batch of more goes on the list, where many are taken at once. */
const mostHanded = 64;

/**
 * A function of scripts: puts entries for an empty list into the hands of who has offered to take them; only few that are small, as
 * the list is cheaper for others. False when they have to go on the list: nobody has offered, or nobody listens there any more.
 * What Redis counts at the publishing says that, and all is taken back: to ask before would cost every message a command.
 */
export const handOver: string = `
local function handOver(offerKey, entries)
  if #entries > ${mostHanded} then return false end
  local offer = redis.call('HMGET', offerKey, 'inflight', 'channel', 'until')
  local before = offer[1] and redis.pcall('HGET', offer[1], 'seq')
  local seq = before and tonumber(before)
  if not seq or seq + #entries > tonumber(offer[3]) then return false end
  local pairs = {'seq', string.format('%d', seq + #entries)}
  local pack = {before}
  local bytes = 0
  for i = 1, #entries do
    local entry = entries[i]
    pairs[2 * i + 1] = string.format('%d', seq + i)
    pairs[2 * i + 2] = entry
    pack[i + 1] = entry
    bytes = bytes + #entry
  end
  if bytes > ${packBytes} then return false end
  redis.call('HSET', offer[1], unpack(pairs))
  local heard = redis.pcall('PUBLISH', offer[2], cmsgpack.pack(pack))
  if type(heard) == 'number' and heard > 0 then return true end
  for i = 1, #entries do redis.call('HDEL', offer[1], seq + i) end
  redis.call('HSET', offer[1], 'seq', before)
  redis.call('DEL', offerKey)
  return false
end
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
