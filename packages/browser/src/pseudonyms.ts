import {pseudonymOf, RandomPseudonyms} from 'limpid/store';

/** Stand-ins for secrets: HMACs, where the page may use WebCrypto. */
export class Pseudonyms {
  readonly #key: () => Promise<Uint8Array<ArrayBuffer>>;
  /** On plain-http pages, for as long as this tab lives. */
  readonly #random = new RandomPseudonyms();

  /** `key` is what all tabs share now. It is asked for each time: whoever empties the database removes it, too. */
  constructor(key: () => Promise<Uint8Array<ArrayBuffer>>) {
    this.#key = key;
  }

  async of(secret: string): Promise<string> {
    const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
    if (subtle === undefined) return this.#random.of(secret);
    const key = await subtle.importKey('raw', await this.#key(), {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
    const text = new TextEncoder().encode(JSON.stringify(secret));
    return pseudonymOf(new Uint8Array(await subtle.sign('HMAC', key, text)));
  }
}
