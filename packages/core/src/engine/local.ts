// Answers no server gave.

import type {Unsatisfiable} from '../decide/on-request.ts';
import {LimpidError} from '../errors.ts';
import {Fields} from '../fields/fields.ts';
import type {Answer} from '../model/transport.ts';

/** A 504 of our own. It carries no Cache-Status: RFC 9211 §2 advises against it on locally generated errors. */
export function gatewayTimeout(url: string): Answer {
  const head = {
    status: 504,
    statusText: 'Gateway Timeout',
    fields: Fields.none,
    url,
    redirected: false,
    type: 'default',
  };
  return {head, body: null};
}

/**
 * `only-if-cached` and nothing to reuse: 504 for the directive, a rejection for Fetch's mode.
 *
 * @see RFC 9111 §5.2.1.7
 */
export function unsatisfiable(as: Unsatisfiable['as'], url: string): Answer {
  if (as === 'network-error') throw new LimpidError('UNSATISFIABLE');
  return gatewayTimeout(url);
}
