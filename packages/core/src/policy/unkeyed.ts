// What no key holds, and origins may answer by.
import type {Fields} from '../fields/fields.ts';

const overriding = ['host', 'x-http-method-override', 'x-http-method', 'x-method-override'] as const;

/**
 * A `Host` of its own may lead to another site, where it is sent. And some servers take a request for one by another
 * method: its answer is not that of the method it shows.
 *
 * @see RFC 9111 §7.1
 */
export const overridesTarget = (fields: Fields): boolean => overriding.some(name => fields.has(name));
