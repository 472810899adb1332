export { isConnectionFailure, isContention } from './database-outage.ts';
