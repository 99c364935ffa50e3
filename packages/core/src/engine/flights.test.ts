import {beforeEach, describe, expect, test} from 'vitest';
import {at, noon} from '../../test/builders.ts';
import {Flight, type FlightOutcome, Flights, type Shared} from './flights.ts';

const nothing = (): void => undefined;
const clock = {now: noon};

beforeEach(() => {
  clock.now = noon;
});

const begun = (began: number): Shared => ({began, storeIf: undefined});
const failed: FlightOutcome = {type: 'failed'};

describe('a flight', () => {
  test('is aborted when its last waiter leaves, not before', () => {
    const flight = new Flight(begun(1), new AbortController());
    const leaving = [flight.join(), flight.join()] as const;
    leaving[0]();
    leaving[0]();
    expect(flight.controller?.signal.aborted).toBe(false);
    leaving[1]();
    expect(flight.controller?.signal.aborted).toBe(true);
  });

  test('whose leader cannot leave needs no signal', () => {
    const flight = new Flight(begun(1), undefined);
    flight.join()();
    expect(flight.controller).toBeUndefined();
    const flights = new Flights(() => clock.now);
    flights.open('a', flight);
    expect(flights.find('a', begun(1))).toBe(flight);
  });

  test('that has its answer is not aborted: its body is let go instead', () => {
    const flight = new Flight(begun(1), new AbortController());
    const leave = flight.join();
    const noted: string[] = [];
    flight.settle(failed, () => void noted.push('discarded'));
    expect(noted).toEqual([]);
    leave();
    expect(noted).toEqual(['discarded']);
    expect(flight.controller?.signal.aborted).toBe(false);
  });

  test('that everybody left lets go of its body as soon as it comes', () => {
    const flight = new Flight(begun(1), new AbortController());
    flight.join()();
    const noted: string[] = [];
    flight.settle(failed, () => void noted.push('discarded'));
    expect(noted).toEqual(['discarded']);
  });

  test('gives its outcome to everyone, however late', async () => {
    const flight = new Flight(begun(1), new AbortController());
    const leave = flight.join();
    const early = flight.outcome;
    flight.settle(failed, nothing);
    leave();
    expect(await early).toBe(failed);
    expect(await flight.outcome).toBe(failed);
  });
});

describe('flights', () => {
  test('are found until they end', () => {
    const flights = new Flights(() => clock.now);
    const flight = new Flight(begun(1), new AbortController());
    const opened = flights.open('key', flight);
    expect(flights.find('key', begun(1))).toBe(flight);
    expect(flights.find('other', begun(1))).toBeUndefined();
    opened.ended();
    expect(flights.find('key', begun(1))).toBeUndefined();
  });

  test('are found only by those who judge bodies alike', () => {
    const flights = new Flights(() => clock.now);
    const storeIf = (): boolean => true;
    const flight = new Flight({began: 1, storeIf}, undefined);
    flights.open('key', flight);
    expect(flights.find('key', begun(1))).toBeUndefined();
    expect(flights.find('key', {began: 1, storeIf})).toBe(flight);
  });

  test('are closed to joiners a minute after they began', () => {
    const flights = new Flights(() => clock.now);
    flights.open('old', new Flight(begun(1), new AbortController()));
    clock.now = at(60.001);
    flights.open('young', new Flight(begun(1), new AbortController()));
    expect(flights.find('old', begun(1))).toBeUndefined();
    expect(flights.find('young', begun(1))).toBeDefined();
  });

  test('are not joined after that minute, though no other has been opened since', () => {
    const flights = new Flights(() => clock.now);
    flights.open('key', new Flight(begun(1), new AbortController()));
    clock.now = at(60.001);
    expect(flights.find('key', begun(1))).toBeUndefined();
  });

  test('that were aborted are not found', () => {
    const flights = new Flights(() => clock.now);
    const flight = new Flight(begun(1), new AbortController());
    flights.open('key', flight);
    flight.join()();
    expect(flights.find('key', begun(1))).toBeUndefined();
  });

  test('are not joined across a clear: one begun before it is not found by a request begun after', () => {
    const flights = new Flights(() => clock.now);
    const flight = new Flight(begun(1), new AbortController());
    flights.open('key', flight);
    expect(flights.find('key', begun(2))).toBeUndefined();
    expect(flights.find('key', begun(1))).toBe(flight);
  });

  test('end for themselves, not for the next of the same key', () => {
    const flights = new Flights(() => clock.now);
    const [first, second] = [new Flight(begun(1), new AbortController()), new Flight(begun(1), new AbortController())];
    const opened = flights.open('key', first);
    flights.open('key', second);
    opened.ended();
    expect(flights.find('key', begun(1))).toBe(second);
  });

  test('are bounded: the oldest is closed to joiners', () => {
    const flights = new Flights(() => clock.now);
    for (let index = 0; index <= 1024; index += 1)
      flights.open(String(index), new Flight(begun(1), new AbortController()));
    expect(flights.find('0', begun(1))).toBeUndefined();
    expect(flights.find('1', begun(1))).toBeDefined();
    expect(flights.find('1024', begun(1))).toBeDefined();
  });
});

describe('going apart', () => {
  test('lasts ten seconds', () => {
    const flights = new Flights(() => clock.now);
    flights.keepApart('key');
    clock.now = at(9);
    expect(flights.goesApart('key')).toBe(true);
    expect(flights.goesApart('other')).toBe(false);
    clock.now = at(10);
    expect(flights.goesApart('key')).toBe(false);
  });

  test('ends when the clock jumps backwards', () => {
    const flights = new Flights(() => clock.now);
    flights.keepApart('key');
    clock.now = at(-3600);
    expect(flights.goesApart('key')).toBe(false);
  });

  test('is remembered for a bounded number of resources', () => {
    const flights = new Flights(() => clock.now);
    for (let index = 0; index <= 1024; index += 1) flights.keepApart(String(index));
    expect(flights.goesApart('0')).toBe(false);
    expect(flights.goesApart('1024')).toBe(true);
  });
});
