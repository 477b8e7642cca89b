import type { Wire } from './wire';

/** Objects carry a number and when they were sent, so that watchers need not parse them: thousands must cost little. */
export function markedConfigMap(metadata: object, i: number, sentMs: number): string {
  const data = { i: `(${i} ${sentMs.toFixed(3)})`, value: 'x'.repeat(750) };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

/** No character in it that some server's JSON would escape. */
const mark = '"i":"(';

/** Finds marks in a stream, wherever it is cut. */
export class MarkReader {
  #rest: Buffer | undefined = undefined;

  read(chunk: Buffer, onMark: (i: number, sentMs: number) => void): void {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let from = 0;
    for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, from)) {
      const end = data.indexOf(')', at);
      if (end < 0) {
        this.#rest = data.subarray(at);
        return;
      }
      const [i, sentMs] = data.toString('latin1', at + mark.length, end).split(' ');
      onMark(Number(i), Number(sentMs));
      from = end;
    }
    this.#rest = data.subarray(Math.max(from, data.length - mark.length + 1));
  }
}

/** Hands a stream's marks over, until it is closed. */
export function onMarks(wire: Wire, onMark: (i: number, sentMs: number) => void): void {
  const reader = new MarkReader();
  wire.hand((chunk) => reader.read(chunk, onMark));
}
