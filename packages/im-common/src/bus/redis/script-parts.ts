/**
 * What the scripts of the bus share; they stand beside it, a file for each part of the bus. Each is one atomic step in one slot, and harmless when it is run twice: the Redis client may lose
 * the answer of a command that took effect (`docs/decisions`), and then the caller can only ask again.
 * Keys and arguments stand on top of each.
 */

/*
 * A Redis that is full refuses a script whose first write needs memory, and lets pass what follows another write. That
 * is right for `put`. Leases, routes and hand-overs need next to none, and without them everything would go down with
 * the senders: these scripts begin with a write that changes nothing (GETEX, or the removal of a member that is none).
 */

/** Longest argument list that Lua's `unpack` may pass on safely; its stack holds 8,000. */
export const maxUnpack: number = 4_000;

/** Entries that go over at once are put into packs of about so many bytes. */
export const packBytes: number = 32_768;

/** End of what belongs to somebody who never comes back. Those that live move it on. */
export const weekS = 604_800;

export const nowMs: string = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** A function of scripts: the values of many keys; there is one at least. */
export const readAll: string = `
local function readAll(keys)
  if #keys <= ${maxUnpack} then return redis.call('MGET', unpack(keys)) end
  local all = {}
  for first = 1, #keys, ${maxUnpack} do
    local some = redis.call('MGET', unpack(keys, first, math.min(first + ${maxUnpack} - 1, #keys)))
    for i = 1, #some do all[first + i - 1] = some[i] end
  end
  return all
end
`;
