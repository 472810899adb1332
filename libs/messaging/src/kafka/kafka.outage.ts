// By name and not by instanceof: a service without Kafka never loads kafkajs.
const lostNames =
  /^KafkaJS(Connection(Closed)?Error|RequestTimeoutError|BrokerNotFound|NoBrokerAvailableError)$/;
const lostTexts =
  /ECONN|EPIPE|EAI_AGAIN|ENOTFOUND|UNREACH|ETIMEDOUT|Connection timeout|Closed connection|timed out|Broker not connected|Failed to connect|No broker available/i;
// Those who do not accept each other are both there.
const refusing = /SASL|authenticat|certificate|self[- ]signed|altname/i;

type Failure = { name?: string; message?: string; cause?: unknown };
type Fields = { err?: unknown; kafka?: unknown; error?: unknown };

/**
 * Whether a line of the log says that no broker is there, rather than that one refused the work. While that is
 * known, a coordinator or a leader that is not found yet is part of it; at other times a group joins like that.
 */
export function isBrokerAway({ err, kafka, error }: Fields, message: string, isKnown: boolean) {
  const { name = '', message: reason = '' } = (err ?? {}) as Failure;
  const text = `${kafka === undefined ? reason : message} ${String(error ?? '')}`;
  if (refusing.test(text)) return false;
  if (kafka !== undefined) return isKnown || lostTexts.test(text);
  return isLost(err) || (isKnown && /^(KafkaJS|DeadlineError)/.test(name));
}

function isLost(err: unknown): boolean {
  if (typeof err !== 'object' || err === null) return false;
  const { name = '', message = '', cause } = err as Failure;
  return !refusing.test(message) && (lostNames.test(name) || isLost(cause));
}
