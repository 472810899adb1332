/** A further listener: `SASL_SSL` or `SSL`, with its keystore and mechanisms in the settings. */
export type Listener = { name: string; port: number; protocol: 'SSL' | 'SASL_SSL' };

export type BrokerSettings = {
  dataDir: string;
  port: number;
  controllerPort: number;
  listeners?: Listener[];
  /** Further properties. */
  settings?: Record<string, string>;
};

/** One process that is broker and controller, bound to the loopback address. */
export function serverProperties(broker: BrokerSettings): string {
  const { dataDir, port, controllerPort, listeners = [] } = broker;
  const more = listeners.map(({ name, port: own }) => `,${name}://localhost:${own}`).join('');
  const protocols = listeners.map(({ name, protocol }) => `,${name}:${protocol}`).join('');
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${more}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${more}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols}`,
    'log.dirs': dataDir,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A group that forms waits 3 s by default for more members: here nobody else will come.
    'group.initial.rebalance.delay.ms': 0,
    // 6 s by default; a test that kills consumers does not wait that long for each.
    'group.min.session.timeout.ms': 2_000,
    // A topic is made on purpose, with its partitions and its clean-up policy, or not at all.
    'auto.create.topics.enable': 'false',
    // Recovery after kill -9 reads each log; several at once shorten the restart.
    'num.recovery.threads.per.data.dir': 2,
    'log.retention.hours': 168,
    // The controller writes and syncs an empty record every 500 ms by default, so that followers see it live.
    'metadata.max.idle.interval.ms': 5_000,
    // As many threads as this machine can run: ten that take turns only cost switches.
    'num.network.threads': 2,
    'num.io.threads': 4,
    ...broker.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Warnings and errors only: the broker's own start-up log is several hundred lines. */
export const log4jXml = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR">
  <Appenders>
    <Console name="console" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="console"/></Root></Loggers>
</Configuration>
`;
