// What no key holds, and origins may answer by.
import type {Fields} from '../fields/fields.ts';

const overriding = ['x-http-method-override', 'x-http-method', 'x-method-override'] as const;

/**
 * Some servers take such a request for one by another method: its answer is not that of the method it shows.
 *
 * @see RFC 9111 §7.1
 */
export const overridesMethod = (fields: Fields): boolean => overriding.some(name => fields.has(name));
