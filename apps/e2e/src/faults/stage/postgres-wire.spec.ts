import { MessageFilter, notification, readOpening } from './postgres-wire';

function packet(code: number, body = ''): Buffer {
  const bytes = Buffer.alloc(8 + Buffer.byteLength(body));
  bytes.writeInt32BE(bytes.length, 0);
  bytes.writeInt32BE(code, 4);
  bytes.write(body, 8);
  return bytes;
}

function message(type: string, body: string): Buffer {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(body));
  bytes.write(type, 0);
  bytes.writeInt32BE(bytes.length - 1, 1);
  bytes.write(body, 5);
  return bytes;
}

describe('the opening of a connection', () => {
  const startup = packet(196_608, 'user\0kubephant\0application_name\0kubephant listener\0\0');

  it('says who it is', () => {
    expect(readOpening(Buffer.concat([startup, Buffer.from('more')]))).toEqual({
      kind: 'startup',
      parameters: new Map([
        ['user', 'kubephant'],
        ['application_name', 'kubephant listener'],
      ]),
      bytes: startup,
      rest: Buffer.from('more'),
    });
  });

  it.each([0, 3, 7, startup.length - 1])('is waited for while only %d bytes of it have come', (length) => {
    expect(readOpening(startup.subarray(0, length))).toBeUndefined();
  });

  it.each([80_877_103, 80_877_104])('may be a request for encryption (%d), after which it comes again', (code) => {
    const opening = readOpening(Buffer.concat([packet(code), startup]));
    expect(opening).toEqual({ kind: 'encryption', rest: startup });
  });

  it('may be a cancellation', () => {
    const bytes = packet(80_877_102, 'pid.key.');
    expect(readOpening(bytes)).toEqual({ kind: 'cancel', bytes, rest: Buffer.alloc(0) });
  });
});

describe('a filter of messages', () => {
  const [first, told, last] = [message('D', 'a row'), message('A', 'a notification'), message('Z', 'I')];
  const all = Buffer.concat([first, told, last]);
  const unlessNotification = (type: number): boolean => type !== notification;

  it.each([1, 2, 3, 5, 7, 100])('swallows notifications and nothing else when %d bytes come at a time', (size) => {
    const filter = new MessageFilter();
    const passed: Buffer[] = [];
    for (let at = 0; at < all.length; at += size)
      passed.push(filter.push(all.subarray(at, at + size), unlessNotification));
    expect(Buffer.concat(passed)).toEqual(Buffer.concat([first, last]));
  });

  it('keeps its place among the messages while everything may pass', () => {
    const filter = new MessageFilter();
    const half = first.length + 3;
    expect(filter.push(all.subarray(0, half), () => true)).toEqual(first);
    expect(filter.push(all.subarray(half), unlessNotification)).toEqual(last);
  });
});
