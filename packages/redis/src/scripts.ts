// What has to happen in one piece to the control hash.

import {type Script, script} from './commands.ts';

/**
 * The run of this server as a master: another one after a restart or a fail-over, with which latest writes may have been
 * lost. Short, for every request reads it.
 */
const thisRun = `
  local function thisRun()
    local told = redis.pcall('INFO', 'server', 'replication')
    if type(told) == 'table' then error({err = 'NOPERM limpid needs the command INFO: ' .. told.err}) end
    local server, master = string.match(told, 'run_id:(%w+)'), string.match(told, 'master_replid:(%w+)')
    return string.sub(redis.sha1hex((server or '') .. (master or '')), 1, 16)
  end
`;

/**
 * Whether this hash was never where it is known to have been: at a tick that a run had given. Of earlier runs it has the
 * last tick that outlived them; one that is not there any more is believed nothing of.
 */
const isLost = `
  local function isLost(tick, run)
    local counter = redis.call('HMGET', KEYS[1], 'tick', 'run', 'runs')
    if tonumber(counter[1]) < tonumber(tick) then return true end
    if (counter[2] or '') == run then return false end
    for _, earlier in ipairs(cjson.decode(counter[3] or '[]')) do
      if earlier[1] == run then return tonumber(earlier[2]) < tonumber(tick) end
    end
    return true
  end
`;

/**
 * Advances the counter, to the microseconds of the clock: what a fail-over lost is so never counted again, and whoever
 * sees a tick twice may believe that nothing happened between.
 */
const advance = `
  ${thisRun}
  local clock = redis.call('TIME')
  local before, of = unpack(redis.call('HMGET', KEYS[1], 'tick', 'run'))
  local run = thisRun()
  if of ~= run then
    local runs = cjson.decode(redis.call('HGET', KEYS[1], 'runs') or '[]')
    table.insert(runs, {of or '', before})
    if #runs > 64 then table.remove(runs, 1) end
    redis.call('HSET', KEYS[1], 'run', run, 'runs', cjson.encode(runs))
  end
  local tick = string.format('%.0f', math.max(tonumber(before) + 1, clock[1] * 1000000 + clock[2]))
  redis.call('HSET', KEYS[1], 'tick', tick)
`;

/** Makes the control hash when it is not there. Its first tick is above that of any before it, by the server's clock. */
export const begin: Script = script(`
  ${thisRun}
  if redis.call('HEXISTS', KEYS[1], 'tick') == 0 then
    local time = redis.call('TIME')
    local tick = string.format('%.0f', time[1] * 1000000 + time[2])
    local run = thisRun()
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'tick', tick, 'floor', tick, 'run', run, 'born', time[1],
      'incarnation', ARGV[1], 'secret', ARGV[2])
  end
  return 1
`);

/**
 * The counter, for who relies on it for some milliseconds; what clears must wait out is noted, once a minute at most.
 * ARGV: milliseconds. Gives tick, incarnation and run.
 */
export const trust: Script = script(`
  local known = redis.call('HMGET', KEYS[1], 'tick', 'incarnation', 'run', 'trusted')
  if not known[1] then return {} end
  local now = tonumber(redis.call('TIME')[1])
  local ms, since = string.match(known[4] or '0,0', '^(%d+),(%d+)$')
  local age = math.abs(now - tonumber(since))
  if tonumber(ms) < tonumber(ARGV[1]) or age > 3600 then
    redis.call('HSET', KEYS[1], 'trusted', ARGV[1] .. ',' .. now)
  elseif age > 60 then
    redis.call('HSET', KEYS[1], 'trusted', ms .. ',' .. now)
  end
  return {known[1], known[2], known[3]}
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

/** How many fields the hash has at most. */
export const maxFields = 20_000;

/**
 * Drops what is old, where there is more than that: of a thousand fields by chance the oldest quarter, for to look at all
 * would hold up everybody. Notes of answers that have come end to end go before marks: without one, a resource is asked for
 * so once more. A mark that was dropped is as new as the newest of these: what began before that is believed no longer.
 */
const makeRoom = `
  local function raiseFloor(lost)
    local floor = redis.call('HGET', KEYS[1], 'floor')
    if tonumber(lost) > tonumber(floor) then redis.call('HSET', KEYS[1], 'floor', lost) end
  end
  local function ageOf(field, value)
    local kind = string.sub(field, 1, 2)
    if kind == 'd ' then return tonumber(value) - 2 ^ 52 end
    if kind == 't ' then return tonumber(value) end
    if kind ~= 'm ' or field == 'm all ' then return nil end
    local cleared, expired = string.match(value, '^(%d+),(%d+)$')
    return math.max(tonumber(cleared), tonumber(expired))
  end
  local function dropSome()
    local some, old, forgotten = redis.call('HRANDFIELD', KEYS[1], 1000, 'WITHVALUES'), {}, 0
    for at = 1, #some, 2 do
      local age = ageOf(some[at], some[at + 1])
      if age then table.insert(old, {age, some[at]}) end
    end
    table.sort(old, function(one, other) return one[1] < other[1] end)
    for at = 1, math.ceil(#old / 4) do
      local age, field = unpack(old[at])
      redis.call('HDEL', KEYS[1], field)
      if string.sub(field, 1, 2) == 'm ' then forgotten = math.max(forgotten, age) end
    end
    if forgotten == 0 then return #old end
    local lost = string.format('%.0f', math.max(forgotten, tonumber(redis.call('HGET', KEYS[1], 'forgotten') or '0')))
    redis.call('HSET', KEYS[1], 'forgotten', lost)
    raiseFloor(lost)
    return #old
  end
  local function makeRoom(max)
    while redis.call('HLEN', KEYS[1]) > tonumber(max) and dropSome() > 0 do end
  end
`;

/**
 * A clear or an expiry: the next tick, held against scopes, in the log of clears that are no scopes, and as marks that
 * requests must get through. Takes one JSON text. Gives tick, incarnation and run, how long that is to be waited out, and
 * the tick before; nothing where the hash is not there, is another than was known, or is given up as by `compared`.
 */
export const raise: Script = script(`
  ${isLost}
  local incarnation = redis.call('HGET', KEYS[1], 'incarnation')
  local want = cjson.decode(ARGV[1])
  local known = want.known
  if not incarnation or incarnation ~= (known.incarnation or incarnation) then return {} end
  if known.incarnation and isLost(known.tick, known.run) then
    redis.call('DEL', KEYS[1])
    return {}
  end
  ${advance}
  ${waitFor}
  ${makeRoom}
  local forgotten = redis.call('HGET', KEYS[1], 'forgotten') or '0'
  for _, scope in ipairs(want.scopes) do
    local field = 'm ' .. scope
    local mark = redis.call('HGET', KEYS[1], field)
    local cleared, expired = scope == 'all ' and '0' or forgotten, '0'
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
  makeRoom(want.maxFields)
  return {tick, incarnation, run, waitFor(want.trusted), before}
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

/** An end-to-end answer has come: notes it, and takes away what it meets. ARGV: resource, when that began, most fields. */
export const reached: Script = script(`
  ${makeRoom}
  local own = redis.call('HGET', KEYS[1], 't ' .. ARGV[1])
  if own and tonumber(own) <= tonumber(ARGV[2]) then redis.call('HDEL', KEYS[1], 't ' .. ARGV[1]) end
  local before = redis.call('HGET', KEYS[1], 'd ' .. ARGV[1])
  if not before or tonumber(before) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'd ' .. ARGV[1], ARGV[2]) end
  makeRoom(ARGV[3])
  return 1
`);

/**
 * Holds the hash against what was known. One of which more was known is given up: what was cleared since then is known to
 * nobody any more. Another, made since everything was lost by a clock that was behind, is lifted above what was known: what
 * began by then would outlive its clears, and is not stored. ARGV: the tick, the run and the incarnation that were known.
 * Gives tick, incarnation and run.
 */
export const compared: Script = script(`
  ${isLost}
  local now = redis.call('HMGET', KEYS[1], 'tick', 'incarnation', 'run', 'floor')
  if not now[1] then return {} end
  if now[2] == ARGV[3] then
    if not isLost(ARGV[1], ARGV[2]) then return now end
    redis.call('DEL', KEYS[1])
    return {}
  end
  if tonumber(now[4]) > tonumber(ARGV[1]) then return now end
  ${advance}
  tick = string.format('%.0f', math.max(tonumber(tick), tonumber(ARGV[1]) + 1))
  redis.call('HSET', KEYS[1], 'tick', tick, 'floor', tick)
  return {tick, now[2], run}
`);
