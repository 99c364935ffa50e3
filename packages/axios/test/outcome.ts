import {Readable} from 'node:stream';
import axios, {type AxiosInstance, type AxiosRequestConfig, type AxiosResponse} from 'axios';

/** Fields that may differ between a stored response and one from the network. */
const incidental = new Set(['date', 'age', 'cache-status', 'connection', 'keep-alive', 'transfer-encoding']);

async function shown(data: unknown): Promise<unknown> {
  if (data instanceof Readable) return {node: Buffer.concat(await data.toArray()).toString()};
  if (data instanceof ReadableStream) return {web: await new Response(data).text()};
  if (data instanceof Blob) return {blob: await data.text(), type: data.type};
  if (data instanceof FormData) return {form: [...data]};
  if (Buffer.isBuffer(data)) return {buffer: data.toString('latin1')};
  if (data instanceof ArrayBuffer) return {arrayBuffer: Buffer.from(data).toString('latin1')};
  return data;
}

async function shownResponse(response: AxiosResponse | undefined): Promise<unknown> {
  if (response === undefined) return undefined;
  const headers = Object.entries((response.headers as {toJSON(): object}).toJSON());
  return {
    keys: Object.keys(response).toSorted(),
    status: response.status,
    statusText: response.statusText,
    headers: headers.filter(([name]) => !incidental.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    data: await shown(response.data).catch((error: unknown) => ({broken: String(error)})),
    responseType: response.config.responseType,
    timeout: response.config.timeout,
    hasRequest: typeof response.request === 'object',
    sent: (response.config.headers as {toJSON(): object}).toJSON(),
  };
}

/** All a caller can see of a request's outcome, as plain data. */
export async function outcome(instance: AxiosInstance, config: AxiosRequestConfig): Promise<object> {
  try {
    return {response: await shownResponse(await instance(config))};
  } catch (error) {
    if (!axios.isAxiosError(error)) return {error: String(error), name: (error as Error).name};
    const keys = Object.getOwnPropertyNames(error).filter(key => key !== 'stack' && key !== 'cause');
    return {
      keys: keys.toSorted(),
      name: error.name,
      message: error.message,
      code: error.code,
      status: error.status,
      isCancel: axios.isCancel(error),
      isError: error instanceof Error && error instanceof axios.AxiosError,
      cause: error.cause?.message,
      url: error.config?.url,
      responseType: error.config?.responseType,
      hasRequest: typeof error.request === 'object',
      response: await shownResponse(error.response),
      json: typeof error.toJSON(),
    };
  }
}
