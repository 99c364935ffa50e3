import {describe, expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import {completeResponseView, headersView, type RequestView} from './views.ts';

const head = {
  status: 200,
  statusText: 'OK',
  fields: Fields.from([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['Content-Type', 'application/json'],
  ]),
  url: 'https://api.example/',
  redirected: false,
  type: 'default',
};

describe('views', () => {
  test('fields are read without regard to case, and absent is null', () => {
    const headers = headersView(head.fields);
    expect(headers.get('Content-TYPE')).toBe('application/json');
    expect(headers.has('CONTENT-type')).toBe(true);
    expect(headers.get('etag')).toBeNull();
    expect([...headers].filter(([name]) => name === 'set-cookie')).toHaveLength(2);
  });

  test('a Request is a view of itself', () => {
    const view: RequestView = new Request('https://api.example/', {headers: {a: 'b'}});
    expect(view.headers.get('A')).toBe('b');
  });

  test('a complete body can be read again and again, and its bytes are a copy', () => {
    const body = new TextEncoder().encode('{"error":null}');
    const view = completeResponseView(head, body);
    view.bytes().fill(0);
    expect(view.json()).toEqual({error: null});
    expect(view.text()).toBe('{"error":null}');
    expect(view.status).toBe(200);
  });

  test('a body that is not JSON says so', () => {
    expect(() => completeResponseView(head, new Uint8Array()).json()).toThrow(SyntaxError);
  });
});
