import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventRegistry, topics, type EventType } from '@onecount/events';
import { verifiedServices } from './sources.ts';
import { consumedTopics } from './topics.ts';

const root = join(__dirname, '../..');
const consumers = '{consumers/*.ts,**/*.consumer.ts}';
const typeOfHandler = /^ +type: '([a-z]+\.[a-z-]+)',$/gm;

// By the sources: the checker shares no code with the services.
function topicsInSources(service: string): string[] {
  const files = globSync(join(root, 'apps', service, 'src', consumers));
  const types = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(typeOfHandler)].map(([, type]) => type as EventType),
  );
  return [...new Set(types.map((type) => topics[eventRegistry[type].topic].name))];
}

test.each(verifiedServices)(
  'whoever waits for %s waits for every topic that it reads',
  (service) => {
    expect(consumedTopics[service].toSorted()).toEqual(topicsInSources(service).toSorted());
  },
);
