import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {isLimpidError, LimpidError, type LimpidErrorCode} from './errors.ts';

describe('LimpidError', () => {
  test('says what its code means, and where to read on', () => {
    const error = new LimpidError('CLEAR_FAILED');
    expect(error.message).toBe('limpid: the clear did not happen (CLEAR_FAILED, see ERRORS.md#clear_failed)');
    expect(error).toMatchObject({name: 'LimpidError', code: 'CLEAR_FAILED', docs: 'ERRORS.md#clear_failed'});
    expect('cause' in error).toBe(false);
  });

  test('keeps what failed below as its cause', () => {
    const cause = new Error('disk full');
    expect(new LimpidError('PUT_FAILED', {cause}).cause).toBe(cause);
  });

  test('a message of its own takes the place of the usual one', () => {
    const error = new LimpidError('NOT_STORABLE', {message: 'not storable: no-store'});
    expect(error.message).toBe('limpid: not storable: no-store (NOT_STORABLE, see ERRORS.md#not_storable)');
  });

  test('is recognised by name, so that another copy of the package counts', () => {
    class Foreign extends Error {
      override readonly name = 'LimpidError';
    }
    expect([new LimpidError('CLOSED'), new Foreign()].every(isLimpidError)).toBe(true);
    expect([new Error('x'), {name: 'LimpidError'}, undefined, null, 'LimpidError'].some(isLimpidError)).toBe(false);
  });
});

const page = readFileSync(new URL('../ERRORS.md', import.meta.url), 'utf8');

test.each<LimpidErrorCode>([
  'STORE_FAILED',
  'CLEAR_FAILED',
  'EXPIRE_FAILED',
  'PUT_FAILED',
  'NOT_STORABLE',
  'UNSATISFIABLE',
  'TOO_MANY_LISTENERS',
  'CLOSED',
])('ERRORS.md tells of %s', code => {
  expect(page).toContain(`\n## ${code}\n`);
});
