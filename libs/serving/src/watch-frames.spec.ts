import { newJsonFraming, newProtobufFramings } from './watch-frames';

const stored = () => ({ json: Buffer.from('{"kind":"Pod"}'), object: { kind: 'Pod' } });

describe('JSON watch frames', () => {
  it('are lines that carry the stored bytes', () => {
    const line = Buffer.from(newJsonFraming().change('ADDED', stored())).toString();
    expect(line).toBe('{"type":"ADDED","object":{"kind":"Pod"}}\n');
  });

  it('are made once per object and type', () => {
    const framing = newJsonFraming();
    const one = stored();
    expect(framing.change('ADDED', one)).toBe(framing.change('ADDED', one));
    expect(framing.change('MODIFIED', one)).not.toBe(framing.change('ADDED', one));
  });

  it('are forgotten when many others came after them: they are copies of what is stored', () => {
    const framing = newJsonFraming();
    const one = stored();
    const frame = framing.change('ADDED', one);
    const large = () => ({ json: Buffer.alloc(1 << 20), object: {} });
    framing.change('ADDED', large());
    expect(framing.change('ADDED', one)).toBe(frame);
    for (let i = 0; i < 8; i++) framing.change('ADDED', large());
    expect(framing.change('ADDED', one)).not.toBe(frame);
    expect(framing.change('ADDED', one)).toEqual(frame);
  });

  it('never parse the object', () => {
    const lazy = {
      json: Buffer.from('{}'),
      get object(): object {
        throw new Error('parsed');
      },
    };
    expect(() => newJsonFraming().change('DELETED', lazy)).not.toThrow();
  });
});

describe('protobuf watch frames', () => {
  it('are WatchEvent messages after their length, as recorded from upstream', () => {
    const { delimited, messages } = newProtobufFramings(() => Buffer.from('k8s\0'));
    const one = stored();
    const event = Buffer.from('0a0541444445441206' + '0a046b387300', 'hex');
    expect(Buffer.from(delimited.change('ADDED', one)).toString('hex')).toBe(`0000000f${event.toString('hex')}`);
    expect(Buffer.from(messages.change('ADDED', one))).toEqual(event);
  });

  it('are encoded once for both framings', () => {
    const encode = jest.fn(() => Buffer.alloc(300));
    const { delimited, messages } = newProtobufFramings(encode);
    const one = stored();
    expect(delimited.change('ADDED', one).length - messages.change('ADDED', one).length).toBe(4);
    expect(encode).toHaveBeenCalledTimes(1);
  });
});
