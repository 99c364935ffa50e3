/** How names of fields end that hold secrets. Many words end in `key`, so that one stands by itself. */
const sensitive =
  /(?:authorization|cookie|token|secret|passw(?:or)?d|credentials?|jwt(?:-assertion)?|signature(?:-\d+)?|session(?:[-_]?id)?)$|(?:^|[-_])(?:api|app)?key$/;

/**
 * The request field of this lower-case name holds a secret, so its value never stands in a key.
 *
 * @see RFC 9111 §7.3
 */
export const isSensitiveField = (name: string, credentialFields: readonly string[]): boolean =>
  sensitive.test(name) || credentialFields.includes(name);
