import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Positions} from './positions.ts';

test('the slowest is the least of all positions, whoever joins, moves on and leaves', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('join', 'move', 'leave'), fc.nat(9)), {maxLength: 60});
  fc.assert(
    fc.property(steps, taken => {
      const positions = new Positions();
      const all: number[] = [];
      for (const [step, which] of taken) {
        const index = which % Math.max(1, all.length);
        const before = all[index];
        if (step === 'join') {
          all.push(0);
          positions.add(0);
        } else if (before !== undefined) {
          if (step === 'leave') {
            positions.remove(before);
            all.splice(index, 1);
          } else all[index] = positions.next(before);
        }
        expect(positions.slowest).toBe(Math.min(...all));
      }
    }),
  );
});
