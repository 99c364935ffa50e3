/** What names of fields that hold secrets have in them. A name too many costs its value nothing but a stand-in. */
const sensitive = /authorization|cookie|credential|jwt|key|passw|secret|session|signature|token/;

/**
 * The request field of this lower-case name holds a secret, so its value never stands in a key.
 *
 * @see RFC 9111 §7.3
 */
export const isSensitiveField = (name: string, credentialFields: readonly string[]): boolean =>
  sensitive.test(name) || credentialFields.includes(name);
