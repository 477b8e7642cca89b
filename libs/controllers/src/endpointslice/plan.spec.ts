import type { EndpointSlice } from '@kubephant/schema';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsKey, type Group } from './desired';
import { planSlices } from './plan';

// Golden cases: a sentence, `max N`, the slices that are there, `want` lines, ----, what is written.
// A line is `name: family ports: endpoints`; an endpoint with `!` is not ready. `GOLDEN=write npm test` writes it anew.
const path = join(__dirname, 'testdata', 'slices.txt');
const separator = '\n====\n';

type Line = readonly [name: string, group: Group];

function parseLine(line: string): Line {
  const [, name = '', family = '4', ports = '', names = ''] = /^(\w+): v([46]) \[([\d,]*)\](.*)$/.exec(line) ?? [];
  const endpoints = names
    .split(' ')
    .filter(Boolean)
    .map((text) => {
      const uid = text.replace('!', '');
      return { addresses: [`ip-${uid}`], conditions: { ready: !text.endsWith('!') }, targetRef: { uid } };
    });
  const numbers = ports.split(',').filter(Boolean).map(Number);
  const addressType = family === '6' ? 'IPv6' : 'IPv4';
  return [name, { addressType, ports: numbers.map((port) => ({ name: '', protocol: 'TCP', port })), endpoints }];
}

const sliceOf = ([name, { addressType, ports, endpoints }]: Line): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, uid: name, resourceVersion: '1' },
  addressType,
  ports: [...ports],
  endpoints: [...endpoints],
});

const show = ({ addressType, ports, endpoints }: Group): string =>
  `v${addressType.slice(3)} [${ports.map(({ port }) => port).join()}] ${endpoints
    .map(({ conditions, targetRef }) => `${targetRef!.uid!}${conditions?.ready ? '' : '!'}`)
    .join(' ')}`.trim();

function run(input: string): string {
  const [, max = '', ...lines] = input.trim().split('\n');
  const isWish = (line: string): boolean => line.startsWith('want');
  const slices = lines.filter((line) => !isWish(line)).map((line) => sliceOf(parseLine(line)));
  const groups = lines.filter(isWish).map((line) => parseLine(line)[1]);
  const plan = planSlices(slices, groups, Number(max.replace('max ', '')));
  const written = [
    ...plan.update.map(({ slice, content }) => `update ${slice.metadata.name}: ${show(content)}`),
    ...plan.create.map((content) => `create ${show(content)}`),
    ...plan.remove.map((slice) => `delete ${slice.metadata.name}`),
  ];
  return `${input.trim()}\n----\n${written.join('\n') || 'nothing'}\n`;
}

const cases = readFileSync(path, 'utf8')
  .split(separator)
  .filter((text) => text.trim());
const inputs = cases.map((text) => text.split('\n----\n')[0] ?? '');
if (process.env['GOLDEN'] === 'write') writeFileSync(path, inputs.map(run).join(separator.slice(1)));

describe('slices', () => {
  it.each(cases.map((text, i) => [text.trim().split('\n')[0], text, inputs[i]!] as const))('%s', (_, text, input) => {
    expect(run(input)).toBe(process.env['GOLDEN'] === 'write' ? run(input) : `${text.trim()}\n`);
  });
});

it('the order of ports does not matter', () => {
  const [a, b] = [
    { name: 'a', port: 1 },
    { name: 'b', port: 2 },
  ];
  expect(portsKey([a, b])).toBe(portsKey([b, a]));
  expect(portsKey([a])).not.toBe(portsKey([{ ...a, protocol: 'UDP' }]));
});
