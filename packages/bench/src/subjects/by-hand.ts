import CachePolicy from 'http-cache-semantics';
import {answeringFetch} from '../answers.ts';
import {bodyOf, type Subject} from '../subject.ts';

type Kept = {readonly policy: CachePolicy; readonly bytes: Uint8Array<ArrayBuffer>};

const headersOf = (response: Response): Record<string, string> => Object.fromEntries(response.headers);

/** What a careful developer writes in an afternoon. */
export const subject: Subject = {
  configuration:
    'http-cache-semantics ({shared: false}) and a Map; each hit asks the policy and gets responseHeaders() and a Response.',
  open(environment) {
    const map = new Map<string, Kept>();
    const send = environment.inProcess ? answeringFetch : fetch;
    const get = async (url: string): Promise<Response> => {
      const request = {url, method: 'GET', headers: {}};
      const kept = map.get(url);
      if (kept?.policy.satisfiesWithoutRevalidation(request)) {
        return new Response(kept.bytes, {
          status: 200,
          headers: kept.policy.responseHeaders() as Record<string, string>,
        });
      }
      const response = await send(url);
      const {status} = response;
      const policy = new CachePolicy(request, {status, headers: headersOf(response)}, {shared: false});
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (policy.storable()) map.set(url, {policy, bytes});
      return new Response(bytes, response);
    };
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
    };
  },
};
