import type { Case } from '../case';
import { isSameMeaning, type Meaning } from '../meanings';
import type { Sighting } from '../sightings';
import type { Violation } from '../verdict';
import { violation } from './finding';

/** A revision means one thing, to everybody and for ever, and that is what the truth says. */
export function checkMeaning({ sightings, meanings, truth, timeline }: Case): Violation[] {
  const wrong = sightings.flatMap((sighting) => {
    const meaning = meanings.get(sighting.revision);
    const isKnown = !timeline || truth.get(sighting.revision) !== undefined || timeline.isUncertain(sighting.revision);
    if (isKnown && meaning && isSameMeaning(meaning, sighting)) return [];
    const real = isKnown && meaning ? tell(meaning) : 'nothing that the truth knows of';
    const what = `revision ${sighting.revision} was told as ${tell(sighting)}, but it is ${real}`;
    return [{ sighting, what }];
  });
  return [
    ...truth.ambiguous.map((revision) => violation('meaning', `revision ${revision} means two things in the truth`)),
    ...wrong.map(({ sighting, what }) => violation('meaning', what, evidence(sighting))),
  ];
}

const tell = ({ key, state }: Meaning): string =>
  state ? `${key}=${state.value} (${state.label})` : `the removal of ${key}`;

function evidence({ record, revision, at }: Sighting): Sighting['record'] {
  if (record.kind !== 'watch') return record;
  const events = record.events.filter(
    (event) => 'item' in event && event.item.revision === revision && event.at === at,
  );
  return { ...record, events };
}
