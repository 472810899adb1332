import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into each service by `node --import`, and by the launcher itself. V8 collects when it must
// grow, so a process that falls idle keeps what loading its modules, or a burst of requests, left
// behind: inventory 172 MB, after one collection 131 MB. Seven services share a developer's machine; a
// smaller young generation reaches 148 MB only and costs time under load.
const everyMs = 2_000;
// Above this share of a core the process is at work; an idle service, with its polls, uses 2 to 4 %.
const idleShareMax = 0.12;
// Less work than this leaves nothing that would be worth a collection (some 100 to 300 CPU-ms).
const workMsMin = 1_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: string; flavor: string }) => void;

let last = process.cpuUsage();
let workMs = workMsMin;

setInterval(() => {
  const used = process.cpuUsage(last);
  last = process.cpuUsage();
  const usedMs = (used.user + used.system) / 1_000;
  if (usedMs > everyMs * idleShareMax) {
    workMs += usedMs;
    return;
  }
  // Polls do not count as work: counted, they made every idle service collect twice a minute.
  if (workMs < workMsMin) return;
  collect({ type: 'major', flavor: 'last-resort' });
  last = process.cpuUsage();
  workMs = 0;
}, everyMs).unref();
