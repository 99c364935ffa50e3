/** @see RFC 9111 §3, §3.5, §4.2.4, §4.3.4, §5.2.1.5, §5.2.2.7 */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anyResponse, anySituation, type Situation} from '../../test/any.ts';
import {at, defaultUrl, request, response} from '../../test/builders.ts';
import {unchanging} from '../../test/unchanged.ts';
import {parseAge} from '../fields/age.ts';
import type {ResponseHead} from '../model/messages.ts';
import {type Facts, type StoredResponse, shareable} from '../model/stored-response.ts';
import {hasOwnValidation} from '../policy/preconditions.ts';
import {hasValidator} from '../policy/validators.ts';
import type {ResponseDecision, Reuse} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnFailure} from './on-failure.ts';
import {decideOnRequest} from './on-request.ts';
import {decideOnResponse} from './on-response.ts';

const began = 7;

/** The exchange that follows from the decision on the request; `undefined` when none does. */
function exchangeOf({asked, kept, rules, age}: Situation): ExchangeFacts | undefined {
  const decision = decideOnRequest(asked, kept, rules, at(age));
  if (decision.type === 'reuse' || decision.type === 'unsatisfiable') return undefined;
  const get = request({...asked, ...asked.head, method: 'GET', content: undefined});
  const asGet = asked.head.method === 'POST' ? {request: get, policy: rules} : undefined;
  return {request: asked, policy: rules, decision, candidates: kept, began, requestTime: at(age), asGet};
}

/** The same asked by a POST whose answer may stand for that to a GET. */
const posted = ({asked, rules, ...situation}: Situation): Situation => ({
  ...situation,
  asked: request({...asked, ...asked.head, method: 'POST', content: undefined, mode: 'default'}),
  rules: {...rules, methods: []},
});

/** A situation that leads to the network, with its exchange. */
const anyExchange = fc
  .oneof({weight: 3, arbitrary: anySituation}, {weight: 1, arbitrary: anySituation.map(posted)})
  .map(situation => ({...situation, exchange: exchangeOf(situation)}));

/** Any answer, a 304 as often as not. */
const anyAnswer = fc.oneof(
  anyResponse,
  anyResponse.map(({fields}) => response({status: 304, fields})),
  anyResponse.map(({fields}) => response({status: 304, fields: [['etag', '"a"'], ...fields]})),
  // To a POST: what a later GET may be answered with.
  anyResponse.map(({fields}) =>
    response({fields: [...fields, ['content-location', defaultUrl], ['cache-control', 'max-age=9']]}),
  ),
);

const answered = (exchange: ExchangeFacts, head: ResponseHead, age: number): ResponseDecision =>
  decideOnResponse(exchange, head, at(age + 1), 'new');

/** The reuse in a decision, if there is one. */
function reuseIn({answer}: ResponseDecision): Reuse | undefined {
  if (answer.type === 'completed') return answer.reuse;
  return answer.type === 'reuse' ? answer : undefined;
}

const handedOut = (reuse: Reuse | undefined): readonly StoredResponse[] =>
  reuse === undefined ? [] : [reuse.stored, ...(reuse.pieces ?? []).map(({stored}) => stored)];

const puts = ({effects}: ResponseDecision): readonly StoredResponse[] =>
  effects.filter(({type}) => type === 'put').map(({stored}) => stored);

const saying = (head: ResponseHead, directive: string): ResponseHead => ({
  ...head,
  fields: head.fields.plus('cache-control', directive),
});

/** The law holds for whatever is asked, stored and answered. */
function forAll(
  law: (exchange: ExchangeFacts, head: ResponseHead, situation: Situation) => void,
  numRuns: number = 500,
): void {
  fc.assert(
    fc.property(anyExchange, anyAnswer, ({exchange, ...situation}, head) => {
      if (exchange !== undefined) law(exchange, head, situation);
    }),
    {numRuns},
  );
}

describe('whatever the network answers', () => {
  test('the decision follows from the arguments alone, and leaves them as they are', () => {
    forAll((exchange, head, {age}) => {
      const decision = unchanging(decideOnResponse, exchange, head, at(age + 1), 'new');
      expect(answered(exchange, head, age)).toEqual(decision);
    }, 200);
  });

  test('gets a decision, whatever the clock says', () => {
    fc.assert(
      fc.property(anyExchange, anyAnswer, fc.double(), fc.double(), ({exchange}, head, then, now) => {
        if (exchange === undefined) return;
        const decide = (): unknown => decideOnResponse({...exchange, requestTime: then}, head, now, 'new');
        expect(decide).not.toThrow();
      }),
    );
  });

  test('no-store in the answer never has it stored, unless a rule or must-understand sets it aside', () => {
    forAll((exchange, head, {rules, age}) => {
      const decision = answered(exchange, saying(head, 'no-store'), age);
      if (rules.ignores.length === 0) expect(puts(decision)).toEqual([]);
      const understanding = saying(head, 'must-understand');
      const after = answered(exchange, saying(understanding, 'no-store'), age);
      if (puts(after).length > 0) expect(puts(answered(exchange, understanding, age))).toHaveLength(1);
    });
  });

  test('private in the answer leaves nothing of it in a shared cache', () => {
    forAll((exchange, head, {rules, age}) => {
      if (rules.ignores.includes('private')) return;
      const policy = {...exchange.policy, kind: 'shared' as const};
      const shared = {...exchange, policy, asGet: exchange.asGet && {...exchange.asGet, policy}};
      const {effects} = answered(shared, saying(head, 'private'), age);
      for (const {type, stored} of effects) {
        expect(type).toBe('update');
        expect(stored.facts).toMatchObject({lifetime: 0, alwaysValidate: true});
      }
    });
  });

  test('no-store in the request leaves nothing at all', () => {
    forAll((_, head, {asked, ...rest}) => {
      const silent = request({...asked.head, fields: asked.head.fields.plus('cache-control', 'no-store')});
      const exchange = exchangeOf({asked: {...asked, directives: silent.directives}, ...rest});
      if (exchange !== undefined) expect(answered(exchange, head, rest.age).effects).toEqual([]);
    });
  });

  test('nothing of another partition answers or changes, and what is stored is the requester’s or anyone’s', () => {
    forAll((exchange, head, {asked, kept, age}) => {
      const decision = answered(exchange, head, age);
      const own = [asked.partition, shareable];
      for (const {partition} of [...handedOut(reuseIn(decision)), ...puts(decision)]) expect(own).toContain(partition);
      for (const {type, stored} of decision.effects) {
        const before = kept.find(({id}) => id === stored.id);
        expect(type === 'put' ? before : before && own.includes(before.partition)).toBe(
          type === 'put' ? undefined : true,
        );
      }
    });
  });

  test('nothing counts from after the exchange began, and an answer without validator ends no expire', () => {
    forAll((exchange, head, {kept, age}) => {
      for (const {type, stored} of answered(exchange, head, age).effects) {
        const before = kept.find(({id}) => id === stored.id);
        if (type === 'put') expect(stored.began).toBe(began);
        else expect([began, before?.began]).toContain(stored.began);
        const validates = head.status === 304 || hasValidator(head.fields);
        if (before?.expired === true && !validates) expect(stored.began).toBe(before.began);
      }
    });
  });

  test('a 304 about what we asked is never its caller’s, and no caller without a condition gets one', () => {
    forAll((exchange, head, {asked, age}) => {
      const decision = answered(exchange, head, age);
      const asksForUs = exchange.decision.type === 'validate' || exchange.decision.type === 'complete';
      if (head.status === 304 && asksForUs) expect(decision.answer.type).not.toBe('origin');
      if (!hasOwnValidation(asked.head)) expect(reuseIn(decision)?.as).not.toBe('not-modified');
    });
  });

  test('an answer from the store is no younger than it was on arrival', () => {
    forAll((exchange, head, {age}) => {
      const reuse = reuseIn(answered(exchange, head, age));
      if (reuse === undefined) return;
      expect(reuse.age).toBeGreaterThanOrEqual(0);
      expect(reuse.age).toBeGreaterThanOrEqual(parseAge(reuse.stored.head.fields) ?? 0);
    });
  });
});

describe('whatever stands in for an answer', () => {
  test('follows from the arguments alone, which stay as they are', () => {
    forAll((exchange, _, {age}) => {
      const instead = unchanging(decideOnFailure, exchange, at(age));
      expect(decideOnFailure(exchange, at(age))).toEqual(instead);
    }, 200);
  });

  test('is the requester’s or anyone’s, and nothing expired, cleared through or bound to be validated', () => {
    forAll((exchange, _, {asked, age}) => {
      const insteadOf = (change: Partial<StoredResponse>, facts: Partial<Facts> = {}): Reuse | undefined => {
        const candidates = exchange.candidates.map(one => ({...one, ...change, facts: {...one.facts, ...facts}}));
        return decideOnFailure({...exchange, candidates}, at(age));
      };
      expect(insteadOf({expired: true})).toBeUndefined();
      expect(insteadOf({}, {alwaysValidate: true})).toBeUndefined();
      expect(insteadOf({}, {neverStale: true})).toBeUndefined();
      expect(decideOnFailure({...exchange, request: {...asked, through: true}}, at(age))).toBeUndefined();
      for (const {partition, expired} of handedOut(insteadOf({}))) {
        expect([asked.partition, shareable]).toContain(partition);
        expect(expired).toBe(false);
      }
    });
  });

  test('is no younger than it was on arrival, and no 304 to a caller without a condition', () => {
    forAll((exchange, _, {asked, age}) => {
      const instead = decideOnFailure(exchange, at(age));
      if (instead === undefined) return;
      expect(instead.age).toBeGreaterThanOrEqual(parseAge(instead.stored.head.fields) ?? 0);
      if (!hasOwnValidation(asked.head)) expect(instead.as).not.toBe('not-modified');
    }, 1000);
  });
});
