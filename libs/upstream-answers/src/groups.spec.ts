import { classesOf, replaySuite } from './testing';

for (const one of classesOf('groups')) replaySuite(one);
