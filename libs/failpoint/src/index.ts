export { configureFailpoints, crashAt, failpointNames, type FailpointName } from './failpoint.ts';
