/**
 * KEYS names… · ARGV ttl in ms, and for each name the number of its claims, then field, value, value to be replaced or '' of each
 * Answers for each name {1 = it was not there, values that stand…}. Carried out twice it answers the same values.
 */
export const claim: string = `
local answers, at = {}, 2
for i = 1, #KEYS do
  local isFirst = 1 - redis.call('EXISTS', KEYS[i])
  local answer = {isFirst}
  for _ = 1, tonumber(ARGV[at]) do
    local field, value, instead = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
    local now = redis.call('HGET', KEYS[i], field)
    if not now or now == instead then
      redis.call('HSET', KEYS[i], field, value)
      now = value
    end
    answer[#answer + 1] = now
    at = at + 3
  end
  at = at + 1
  if isFirst == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
  answers[i] = answer
end
return answers
`;
