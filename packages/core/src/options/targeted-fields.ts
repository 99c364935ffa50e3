import {complaint} from '../complaint.ts';
import {type Reader, readFieldName} from './reading.ts';

/**
 * Reads the names of fields in their order of preference. That one stands twice in it must be a mistake.
 *
 * @see RFC 9213 §2.2
 */
export const readTargetedFields: Reader<readonly string[]> = (value, path) => {
  if (!Array.isArray(value)) throw complaint(path, value, 'an array of field names');
  const names: string[] = [];
  for (const [index, member] of value.entries()) {
    const at = `${path}[${index}]`;
    const name = readFieldName(member, at);
    if (name === 'cache-control')
      throw complaint(at, member, 'fields other than Cache-Control, which always comes last');
    if (names.includes(name)) throw complaint(at, member, 'each field once');
    names.push(name);
  }
  return names;
};
