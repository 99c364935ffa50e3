// What has to happen in one piece to what lies in the slot of a resource.
//
// KEYS: a hash of heads; when it is a user's, then the hash that the resource's requests have in common, and the index
// of the users. A user's hash counts only while it and the shared one name the same index: whatever Redis evicts of the
// three, nothing counts that a search by the index would miss.

import {type Script, script} from './commands.ts';
import {indexField} from './envelope.ts';

/** What a clear may not have seen must not be written any more: by the clock of the slot, this long after it was read. */
const inTime = `
  local time = redis.call('TIME')
  local passed = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
  if passed < 0 or passed > tonumber(ARGV[2]) then return 'late' end
`;

/** The clock of the slot. As a script, for a cluster's client asks any server for its time. */
export const time: Script = script("return redis.call('TIME')");

/** What stands before a stored response; nothing where somebody else wrote there. */
const headOf = `
  local function headOf(value)
    local isRead, head = pcall(cjson.decode, string.match(value, '^[^\\n]*'))
    if isRead and type(head) == 'table' and head.id and head.began then return head end
  end
`;

/** Whether the hash counts. */
const isIndexed = `
  local function isIndexed()
    if not KEYS[3] then return true end
    local index = redis.call('HGET', KEYS[2], '${indexField}')
    local own = redis.call('HGET', KEYS[1], '${indexField}')
    return index and index == own and redis.call('EXISTS', KEYS[3]) == 1
  end
`;

/** How the index calls a user's hash: what its name has more than that of the shared one. */
const member = `string.sub(KEYS[1], #KEYS[2] + 1)`;

/**
 * Lengthens the life of the hash to `ttl`. The index has when it ends, and a second more: by no clock is it gone from
 * there before. It loses what has ended, some at a time, for a script holds up everybody.
 */
const lasting = `
  local function lengthen(key, ms)
    if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
  end
  lengthen(KEYS[1], tonumber(ttl))
  if KEYS[3] then
    local left = redis.call('PTTL', KEYS[1]) + 1000
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZADD', KEYS[3], now + left, ${member})
    local ended = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)
    if #ended > 0 then redis.call('ZREM', KEYS[3], unpack(ended)) end
    lengthen(KEYS[2], left)
    lengthen(KEYS[3], left)
  end
`;

/**
 * Of one hash, so that a field that differs each time does not make every lookup longer; a user more does not either,
 * having a hash of their own. Removes what was used least recently; its ids are added to `gone`.
 */
const boundVariants = `
  if redis.call('HLEN', KEYS[1]) > 64 then
    local entries = {}
    for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
      if string.sub(field, 1, 1) == 'e' then table.insert(entries, field) end
    end
    if #entries > 64 then
      local used = {}
      for _, field in ipairs(entries) do
        local head = headOf(redis.call('HGET', KEYS[1], field)) or {id = '', time = 0}
        local noted = redis.call('HGET', KEYS[1], 'u' .. head.id)
        table.insert(used, {tonumber(noted or head.time) or 0, field, head.id})
      end
      table.sort(used, function(one, other) return one[1] < other[1] end)
      local surplus = #used - 64
      for _, entry in ipairs(used) do
        if surplus > 0 and entry[2] ~= ARGV[3] then
          redis.call('HDEL', KEYS[1], entry[2], 'x' .. entry[3], 'u' .. entry[3])
          table.insert(gone, entry[3])
          surplus = surplus - 1
        end
      end
    end
  end
`;

/** Enters a hash that does not count: what is left in it has been lost. An index that begins is named by the response. */
const enter = `
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    local lost = string.sub(field, 1, 1) == 'e' and headOf(redis.call('HGET', KEYS[1], field))
    if lost then table.insert(gone, lost.id) end
  end
  redis.call('UNLINK', KEYS[1])
  local index = redis.call('EXISTS', KEYS[3]) == 1 and redis.call('HGET', KEYS[2], '${indexField}')
  if not index then
    index = ARGV[9]
    redis.call('UNLINK', KEYS[3])
    redis.call('HSET', KEYS[2], '${indexField}', index)
  end
  redis.call('HSET', KEYS[1], '${indexField}', index)
`;

/**
 * Puts a response in the place of an earlier one with its key, unless that answers a later request. By an earlier layout
 * a user's may lie in the shared hash.
 * ARGV: time, window, field, envelope, began, requestTime, now, ttl, id, expired. Gives the ids of those that went.
 */
export const commit: Script = script(`
  ${inTime}
  ${headOf}
  ${isIndexed}
  local isIn = isIndexed()
  local gone, heads = {}, {}
  for _, key in ipairs(isIn and {KEYS[1], KEYS[2]} or {KEYS[2]}) do
    local old = redis.call('HGET', key, ARGV[3])
    local head = old and headOf(old)
    if head then
      local began, requested = tonumber(ARGV[5]), tonumber(ARGV[6])
      if head.began > began then return 'fenced' end
      if head.began == began and head.requested > requested and head.requested <= tonumber(ARGV[7]) then return 'fenced' end
      table.insert(gone, head.id)
      heads[key] = head
    end
  end
  for key, head in pairs(heads) do
    redis.call('HDEL', key, 'x' .. head.id, 'u' .. head.id)
    if key ~= KEYS[1] then redis.call('HDEL', key, ARGV[3]) end
  end
  if not isIn then ${enter} end
  redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
  if ARGV[10] ~= '0' then redis.call('HSET', KEYS[1], 'x' .. ARGV[9], ARGV[10]) end
  local ttl = ARGV[8]
  ${lasting}
  ${boundVariants}
  return {'stored', unpack(gone)}
`);

/**
 * Replaces the head of a response that is as it was read. ARGV: time, window, field, id, began and requestTime as read, head,
 * expired, ttl.
 */
export const update: Script = script(`
  ${inTime}
  ${headOf}
  ${isIndexed}
  if not isIndexed() then return 'gone' end
  local old = redis.call('HGET', KEYS[1], ARGV[3])
  local head = old and headOf(old)
  if not head or head.id ~= ARGV[4] then return 'gone' end
  local first = string.find(old, '\\n', 1, true)
  if string.format('%.0f', head.began) ~= ARGV[5] or head.requested ~= tonumber(ARGV[6]) then return 'fenced' end
  local second = string.find(old, '\\n', first + 1, true)
  redis.call('HSET', KEYS[1], ARGV[3], ARGV[7] .. string.sub(old, second))
  if ARGV[8] ~= '0' then redis.call('HSET', KEYS[1], 'x' .. ARGV[4], ARGV[8]) end
  local ttl = ARGV[9]
  ${lasting}
  return 'stored'
`);

/** Removes a response that began before a tick; with the last of a user's, all that told of that user. ARGV: field, id, tick. */
export const remove: Script = script(`
  ${headOf}
  local old = redis.call('HGET', KEYS[1], ARGV[1])
  local head = old and headOf(old)
  if not head or head.id ~= ARGV[2] or head.began >= tonumber(ARGV[3]) then return 0 end
  redis.call('HDEL', KEYS[1], ARGV[1], 'x' .. ARGV[2], 'u' .. ARGV[2])
  if KEYS[3] and redis.call('HLEN', KEYS[1]) == 1 and redis.call('HEXISTS', KEYS[1], '${indexField}') == 1 then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[3], ${member})
    if redis.call('EXISTS', KEYS[3]) == 0 then redis.call('HDEL', KEYS[2], '${indexField}') end
  end
  return 1
`);

/**
 * Notes of a response that is still there. ARGV: field, id, field of the note, value; a lower value changes nothing.
 * Redis must not take the index, which no lookup reads, for unused.
 */
export const note: Script = script(`
  ${headOf}
  local old = redis.call('HGET', KEYS[1], ARGV[1])
  local head = old and headOf(old)
  if not head or head.id ~= ARGV[2] then return 0 end
  if KEYS[3] then redis.call('TOUCH', KEYS[3]) end
  local before = redis.call('HGET', KEYS[1], ARGV[3])
  if before and tonumber(before) >= tonumber(ARGV[4]) then return 0 end
  redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
  return 1
`);

/** Whether there is an index. Where it was lost, its users' hashes count no longer. KEYS: the shared hash, the index. */
export const indexed: Script = script(`
  if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
  redis.call('HDEL', KEYS[1], '${indexField}')
  return 0
`);

/** Gives a lease back, unless it has become another's. */
export const release: Script = script(`
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0
`);
