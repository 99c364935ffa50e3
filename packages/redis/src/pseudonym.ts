import {createHmac} from 'node:crypto';
import {pseudonymOf} from 'limpid/store';

/** The stand-in for a text, under the secret that lies in Redis. */
export const pseudonymUnder = (secret: Buffer, text: string): string =>
  pseudonymOf(createHmac('sha256', secret).update(JSON.stringify(text)).digest());
