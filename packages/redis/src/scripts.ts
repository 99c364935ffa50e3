// What has to happen in one piece to the control hash.

import {type Script, script} from './commands.ts';

/**
 * Advances the counter, to the microseconds of the clock: what a fail-over lost is so never counted again, and whoever
 * sees a tick twice may believe that nothing happened between.
 */
const advance = `
  local clock = redis.call('TIME')
  local before = redis.call('HGET', KEYS[1], 'tick')
  local tick = string.format('%.0f', math.max(tonumber(before) + 1, clock[1] * 1000000 + clock[2]))
  redis.call('HSET', KEYS[1], 'tick', tick)
`;

/** Makes the control hash when it is not there. Its first tick is above that of any before it, by the server's clock. */
export const begin: Script = script(`
  if redis.call('HEXISTS', KEYS[1], 'tick') == 0 then
    local time = redis.call('TIME')
    local tick = string.format('%.0f', time[1] * 1000000 + time[2])
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'tick', tick, 'floor', tick, 'incarnation', ARGV[1], 'secret', ARGV[2], 'born', time[1])
  end
  return 1
`);

/**
 * The counter, for who relies on it for some milliseconds; what clears must wait out is noted, once a minute at most.
 * ARGV: milliseconds. Gives tick and incarnation.
 */
export const trust: Script = script(`
  local known = redis.call('HMGET', KEYS[1], 'tick', 'incarnation', 'trusted')
  if not known[1] then return {} end
  local now = tonumber(redis.call('TIME')[1])
  local ms, since = string.match(known[3] or '0,0', '^(%d+),(%d+)$')
  local age = math.abs(now - tonumber(since))
  if tonumber(ms) < tonumber(ARGV[1]) or age > 3600 then
    redis.call('HSET', KEYS[1], 'trusted', ARGV[1] .. ',' .. now)
  elseif age > 60 then
    redis.call('HSET', KEYS[1], 'trusted', ms .. ',' .. now)
  end
  return {known[1], known[2]}
`);

/**
 * For how long others may still rely on an earlier counter, in milliseconds. A hash that has just been made knows nothing
 * of who trusts the one that was lost: then it is what the process that clears has trusted.
 */
const waitFor = `
  local function waitFor(trusted)
    local now = tonumber(redis.call('TIME')[1])
    local ms, since = string.match(redis.call('HGET', KEYS[1], 'trusted') or '0,0', '^(%d+),(%d+)$')
    if math.abs(now - tonumber(since)) <= 3600 then return tonumber(ms) end
    if math.abs(now - tonumber(redis.call('HGET', KEYS[1], 'born') or '0')) <= 10 then return tonumber(trusted) end
    return 0
  end
`;

/**
 * A clear or an expiry: the next tick, held against scopes, in the log of clears that are no scopes, and as marks that
 * requests must get through. Takes one JSON text. Gives the tick, how long it is to be waited out, and the tick before.
 */
export const raise: Script = script(`
  if redis.call('HEXISTS', KEYS[1], 'tick') == 0 then return {} end
  local want = cjson.decode(ARGV[1])
  ${advance}
  ${waitFor}
  local function raiseFloor(lost)
    local floor = redis.call('HGET', KEYS[1], 'floor')
    if tonumber(lost) > tonumber(floor) then redis.call('HSET', KEYS[1], 'floor', lost) end
  end
  for _, scope in ipairs(want.scopes) do
    local field = 'm ' .. scope
    local mark = redis.call('HGET', KEYS[1], field)
    local cleared, expired = '0', '0'
    if scope ~= 'all ' then cleared = redis.call('HGET', KEYS[1], 'forgotten') or '0' end
    if mark then cleared, expired = string.match(mark, '^(%d+),(%d+)$') end
    if want.action == 'remove' then cleared = tick else expired = tick end
    redis.call('HSET', KEYS[1], field, cleared .. ',' .. expired)
  end
  if #want.records > 0 then
    local log = cjson.decode(redis.call('HGET', KEYS[1], 'log') or '[]')
    for _, record in ipairs(want.records) do table.insert(log, {tick, want.action, record, 1}) end
    while #log > want.maxLog do raiseFloor(table.remove(log, 1)[1]) end
    redis.call('HSET', KEYS[1], 'log', cjson.encode(log), 'match', tick)
  end
  if #want.covers > 0 then
    local covers = cjson.decode(redis.call('HGET', KEYS[1], 'through') or '[]')
    for _, record in ipairs(want.covers) do table.insert(covers, {tick, want.now, record}) end
    while #covers > 0 and (#covers > want.maxCovers or covers[1][2] < want.oldest) do table.remove(covers, 1) end
    redis.call('HSET', KEYS[1], 'through', cjson.encode(covers))
  end
  for _, resource in ipairs(want.resources) do redis.call('HSET', KEYS[1], 't ' .. resource, tick) end
  local surplus = redis.call('HLEN', KEYS[1]) - want.maxFields
  if surplus > 0 then
    local all = redis.call('HGETALL', KEYS[1])
    local old = {}
    for at = 1, #all, 2 do
      local kind = string.sub(all[at], 1, 2)
      if kind == 't ' or kind == 'd ' then table.insert(old, {tonumber(all[at + 1]), all[at], false}) end
      if kind == 'm ' and all[at] ~= 'm all ' then
        local cleared, expired = string.match(all[at + 1], '^(%d+),(%d+)$')
        table.insert(old, {math.max(tonumber(cleared), tonumber(expired)), all[at], true})
      end
    end
    table.sort(old, function(one, other) return one[1] < other[1] end)
    for at = 1, math.max(math.floor(#old / 4), surplus + 1) do
      redis.call('HDEL', KEYS[1], old[at][2])
      if old[at][3] then
        local lost = string.format('%.0f', old[at][1])
        redis.call('HSET', KEYS[1], 'forgotten', lost)
        raiseFloor(lost)
      end
    end
  end
  return {tick, waitFor(want.trusted), before}
`);

/** Only advances the counter: what was listed before is not to be believed. */
export const advanced: Script = script(`
  if redis.call('HEXISTS', KEYS[1], 'tick') == 0 then return 0 end
  ${advance}
  return 1
`);

/**
 * The search of the clear at this tick is over. Advances the counter: what was listed meanwhile is not to be believed, by
 * who has begun to rely on it since, neither. ARGV: the tick, and what is trusted. Gives how long that is to be waited out.
 */
export const found: Script = script(`
  if redis.call('HEXISTS', KEYS[1], 'tick') == 0 then return 0 end
  local log = cjson.decode(redis.call('HGET', KEYS[1], 'log') or '[]')
  for _, entry in ipairs(log) do if entry[1] == ARGV[1] then entry[4] = 0 end end
  if #log > 0 then redis.call('HSET', KEYS[1], 'log', cjson.encode(log)) end
  ${advance}
  ${waitFor}
  return waitFor(ARGV[2])
`);

/** An end-to-end answer has come: notes it, and takes away what it meets. */
export const reached: Script = script(`
  local own = redis.call('HGET', KEYS[1], 't ' .. ARGV[1])
  if own and tonumber(own) <= tonumber(ARGV[2]) then redis.call('HDEL', KEYS[1], 't ' .. ARGV[1]) end
  local before = redis.call('HGET', KEYS[1], 'd ' .. ARGV[1])
  if not before or tonumber(before) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'd ' .. ARGV[1], ARGV[2]) end
  return 1
`);

/** The control hash is from before a tick that it has given: what was cleared since then is known to nobody any more. */
export const forsake: Script = script(`
  local tick = redis.call('HGET', KEYS[1], 'tick')
  if tick and tonumber(tick) < tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end
  return 0
`);
