import {promisify} from 'node:util';
import * as zlib from 'node:zlib';
import type {MaybePromise} from 'limpid/store';
import type {Compression} from './options.ts';
import {Damage} from './trouble.ts';

type Coding = Exclude<Compression, false>;
type Change = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Below this a body is kept as it is: what is saved is not worth the way through a thread. */
const worthwhile = 16 * 1024;

const compressors: {readonly [Name in Coding]?: Change} = {
  brotli: bytes => promisify(zlib.brotliCompress)(bytes, {params: {[zlib.constants.BROTLI_PARAM_QUALITY]: 4}}),
  ...('zstdCompress' in zlib && {zstd: bytes => promisify(zlib.zstdCompress)(bytes)}),
};

const decompressors: {readonly [Name in Coding]?: Change} = {
  brotli: bytes => promisify(zlib.brotliDecompress)(bytes),
  ...('zstdDecompress' in zlib && {zstd: bytes => promisify(zlib.zstdDecompress)(bytes)}),
};

/** Whether this platform has it. */
export const hasCompression = (coding: Coding): boolean => compressors[coding] !== undefined;

/** Bytes as they are kept, made off the event loop; the same when that would not make them smaller. */
export function compressed(bytes: Uint8Array, coding: Compression): MaybePromise<Uint8Array> {
  const compress = coding === false || bytes.byteLength < worthwhile ? undefined : compressors[coding];
  return compress === undefined ? bytes : smallerOf(bytes, compress);
}

async function smallerOf(bytes: Uint8Array, compress: Change): Promise<Uint8Array> {
  const smaller = await compress(bytes);
  return smaller.byteLength < bytes.byteLength ? smaller : bytes;
}

/** The bytes that were kept so. Rejects where the platform does not have the coding. */
export async function decompressed(bytes: Uint8Array, coding: string): Promise<Uint8Array> {
  const decompress = decompressors[coding as Coding];
  if (decompress === undefined) throw new Error(`limpid: this platform cannot read bodies kept as ${coding}`);
  try {
    return await decompress(bytes);
  } catch (error) {
    throw new Damage('a body cannot be decompressed', {cause: error});
  }
}
