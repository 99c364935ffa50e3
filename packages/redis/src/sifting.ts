// Leaving out, at the server, what a search cannot mean: most of what lies there need not cross.

import type {Clause, CompiledSelection} from 'limpid/store';
import {type Node, type Reply, type Script, script} from './commands.ts';

/** With more than so many texts to look for, the server would be held up for longer than by reading. */
const maxTexts = 16;

/**
 * As SCAN, of the hashes that hold one of some texts. ARGV: how many arguments SCAN takes, these, and the texts. In a
 * cluster the hashes lie in many slots, all of this server, so that they are no KEYS. Where there is much to look at, the
 * rest of a page is given unseen, for a script holds up everybody.
 */
const sift: Script = script(`#!lua flags=no-writes,allow-cross-slot-keys
  local count = tonumber(ARGV[1])
  local function isHeld(values)
    for _, value in ipairs(values) do
      for at = count + 2, #ARGV do
        if string.find(value, ARGV[at], 1, true) then return true end
      end
    end
    return false
  end
  local page = redis.call('SCAN', unpack(ARGV, 2, count + 1))
  local found, looked = {}, 0
  for _, key in ipairs(page[2]) do
    local values = looked < 2000000 and redis.call('HVALS', key)
    if not values or isHeld(values) then table.insert(found, key) end
    for _, value in ipairs(values or {}) do looked = looked + #value end
  end
  return {page[1], found}
`);

/** As the SCAN of a server with these arguments, of hashes that may hold what has one of these texts; of all, by default. */
export async function scanned(
  node: Node,
  ms: number,
  args: readonly string[],
  texts: readonly string[] | undefined,
): Promise<Reply> {
  if (texts === undefined) return node.send(ms, 'SCAN', ...args);
  return node.run(ms, sift, [], [String(args.length), ...args, ...texts]);
}

/** For each clause a text that the record of whatever it selects has in it; `undefined` where that cannot be said. */
export function textsOf(what: CompiledSelection): readonly string[] | undefined {
  const texts = what.map(textIn);
  return texts.length <= maxTexts && texts.every(text => text !== undefined) ? texts : undefined;
}

/** As it stands in JSON. */
function textIn(clause: Clause): string | undefined {
  const {prefix, tag} = clause.type === 'match' ? clause.conditions : {tag: tagOf(clause)};
  const text = prefix ?? tag;
  return text === undefined ? undefined : JSON.stringify(text).slice(1, -1);
}

const tagOf = ({scope}: Extract<Clause, {type: 'scope'}>): string | undefined =>
  scope.type === 'tag' ? scope.tag : undefined;
