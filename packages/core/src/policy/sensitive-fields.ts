/** What names of fields that hold secrets end in, whatever stands before it. */
const sensitive =
  /^(?:proxy-)?(?:authorization|cookie)$|(?:^|[-_])(?:api)?(?:key|token|jwt|secret|passw(?:or)?d|signature|credentials?|session(?:-?id)?)$/;

/**
 * The request field of this lower-case name holds a secret, so its value never stands in a key.
 *
 * @see RFC 9111 §7.3
 */
export const isSensitiveField = (name: string, credentialFields: readonly string[]): boolean =>
  sensitive.test(name) || credentialFields.includes(name);
