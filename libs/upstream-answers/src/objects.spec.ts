import { classesOf, replaySuite } from './testing';

for (const one of classesOf('objects')) replaySuite(one);
