import { machineClock, nowMs } from '../measure/machine';
import { pace } from '../measure/pacing';
import { until } from '../measure/until';
import { figure, percentiles } from '../measure/figure';
import { between } from '../measure/latency';
import { onMarks } from './marks';
import { observed } from './observed';
import { running, type ApiScenario } from './scenario';
import { Sender } from './sender';
import { openWatches, watchPath } from './watches';

const perSecond = 1000;

/** The time from a write to its event, through the server that was written to and through another one. */
export const events: ApiScenario = {
  name: 'events',
  description: `${perSecond} POSTs of 1 KB a second to server 1, watched there and at server 2`,
  needs: 'two servers',
  open: running(async (bench) => {
    const { server, second = server, namespace, seconds } = bench;
    const path = await watchPath(server, namespace);
    const watches = await Promise.all([server, second].map((config) => openWatches(config, 1, path)));
    const seen: number[][] = watches.map(() => []);
    const counts = watches.map(() => 0);
    watches.flat().forEach((wire, w) =>
      onMarks(wire, (i) => {
        (seen[w] ?? [])[i] = nowMs();
        counts[w] = (counts[w] ?? 0) + 1;
      }),
    );
    using sender = await Sender.open(server, namespace);
    const { figures, limit } = await observed(bench, async () => {
      await pace({ perSecond, seconds }, machineClock, (i) => sender.send(i));
      await until(() => counts.every((count) => count >= sender.sentMs.length));
    });
    watches.flat().forEach((wire) => wire.close());
    const { sentMs, answeredMs } = sender;
    const [same = [], other = []] = seen;
    return {
      figures: [
        ...percentiles('same server, from sending: ', between(sentMs, same), { p99: { atMost: 10 } }),
        ...percentiles('same server, from the answer: ', between(answeredMs, same)),
        ...percentiles('other server, from sending: ', between(sentMs, other), { p99: { atMost: 25 } }),
        ...percentiles('other server, from the answer: ', between(answeredMs, other)),
        ...percentiles('answer, from sending: ', between(sentMs, answeredMs)),
        figure('missing events', '', 2 * sentMs.length - counts.reduce((a, b) => a + b, 0), { atMost: 0 }),
        ...figures,
      ],
      limit,
    };
  }),
};
