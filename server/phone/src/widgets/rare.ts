/** Widgets that few questions need, in one piece of the app that is not part of its first load. */
export { DateParts } from './DateParts.tsx';
export { Draw } from './Draw.tsx';
export { Geopoint } from './Geopoint.tsx';
export { ChoiceMedia, LabelMedia } from './Media.tsx';
export { Range } from './Range.tsx';
export { Rank } from './Rank.tsx';
export { Trace } from './Trace.tsx';
