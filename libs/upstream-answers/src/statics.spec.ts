import { classesOf, replaySuite } from './testing';

for (const one of classesOf('statics')) replaySuite(one);
