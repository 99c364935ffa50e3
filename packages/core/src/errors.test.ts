import {describe, expect, test} from 'vitest';
import {isLimpidError, LimpidError} from './errors.ts';

describe('LimpidError', () => {
  test('says what its code means, and where to read on', () => {
    const error = new LimpidError('CLEAR_FAILED');
    expect(error.message).toBe('limpid: the clear did not happen (CLEAR_FAILED, see docs errors/clear-failed)');
    expect(error).toMatchObject({name: 'LimpidError', code: 'CLEAR_FAILED', docs: 'errors/clear-failed'});
    expect('cause' in error).toBe(false);
  });

  test('keeps what failed below as its cause', () => {
    const cause = new Error('disk full');
    expect(new LimpidError('PUT_FAILED', {cause}).cause).toBe(cause);
  });

  test('a message of its own takes the place of the usual one', () => {
    const error = new LimpidError('NOT_STORABLE', {message: 'not storable: no-store'});
    expect(error.message).toBe('limpid: not storable: no-store (NOT_STORABLE, see docs errors/not-storable)');
  });

  test('is recognised by name, so that another copy of the package counts', () => {
    class Foreign extends Error {
      override readonly name = 'LimpidError';
    }
    expect([new LimpidError('CLOSED'), new Foreign()].every(isLimpidError)).toBe(true);
    expect([new Error('x'), {name: 'LimpidError'}, undefined, null, 'LimpidError'].some(isLimpidError)).toBe(false);
  });
});
