import { counter, metrics } from './metrics.ts';

test('asking for a metric twice gives the same one', async () => {
  const options = { name: 'onecount_test_total', help: 'Counted by this test.' };
  counter(options).inc();
  counter(options).inc(2);
  expect(await metrics.getSingleMetricAsString('onecount_test_total')).toContain(
    'onecount_test_total 3',
  );
});
