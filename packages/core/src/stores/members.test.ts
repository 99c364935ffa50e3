import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Member, Members} from './members.ts';

type Named = Member & {readonly id: number};

const member = (id: number, name: string): Named => ({id, size: 1, cost: 2, partition: {name}});

const partition = fc.constantFrom('p', 'q', 'r');

test('a partition has what was added for it and not taken out, however many there are', () => {
  const step = fc.record({action: fc.constantFrom('add', 'delete', 'touch'), id: fc.nat({max: 39}), partition});
  fc.assert(
    fc.property(fc.array(step, {maxLength: 200}), partition, (steps, asked) => {
      const members = new Members<Named>();
      const all = Array.from({length: 40}, (_, id) => member(id, 'pqr'[id % 3] ?? ''));
      const expected = new Set<Named>();
      for (const {action, id} of steps) {
        const one = all[id];
        if (one === undefined) continue;
        members[action](one);
        if (action === 'add') expected.add(one);
        if (action === 'delete') expected.delete(one);
        // Where there is one by itself, it is a member.
        if (members.only !== undefined) expect([...expected]).toEqual([members.only]);
        const own = [...expected].filter(({partition: {name}}) => name === asked || name === 'r');
        expect(new Set(members.of(asked, ...(asked === 'r' ? [] : ['r'])))).toEqual(new Set(own));
      }
      expect([members.count, members.bytes, members.cost]).toEqual([expected.size, expected.size, expected.size * 2]);
    }),
  );
});

test('a first member is there by itself', () => {
  const members = new Members<Named>();
  expect(members.only).toBeUndefined();
  const [first, second] = [member(1, 'p'), member(2, 'p')];
  members.add(first);
  expect(members.only).toBe(first);
  members.add(second);
  expect(members.only).toBeUndefined();
});

test('one partition among many is found without looking at the others', () => {
  const members = new Members<Member>();
  for (let id = 0; id < 100; id++) members.add(member(id, `p${id}`));
  expect(members.of('p7')).toHaveLength(1);
  const unlookable = {
    size: 1,
    cost: 1,
    partition: {
      get name(): string {
        if (isAdded) throw new Error('looked at');
        return 'q';
      },
    },
  };
  let isAdded = false;
  members.add(unlookable);
  isAdded = true;
  expect(members.of('p7', 'p8')).toHaveLength(2);
});
