export { mark, profile, startProfile } from './profiler.js';
export {
  type ChromeTrace,
  type MarkRow,
  type ProfileJson,
  ProfileReport,
  type ProfileRow,
  type TraceEvent,
} from './report.js';
