import type { Case } from '../case';
import { isSameMeaning, type Meaning } from '../meanings';
import type { Violation } from '../verdict';
import { sightingRecord, violation } from './finding';

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
    ...wrong.map(({ sighting, what }) => violation('meaning', what, sightingRecord(sighting))),
  ];
}

const tell = ({ key, state }: Meaning): string =>
  state ? `${key}=${state.value} (${state.label})` : `the removal of ${key}`;
