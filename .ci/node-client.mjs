// What a subscriber's program may look like: Confluent's deserializer for Avro, and KafkaJS, both from npm and neither
// written by us. Reads lifelog.readings.valid from its start and compares it with what was sent, reading by reading.
//
//   node node-client.mjs CREDENTIALS.json SENT.ndjson     ends with 0 where they are equal, with 1 where not
import { readFileSync } from 'node:fs';
import schemaregistry from '@confluentinc/schemaregistry';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';

const { AvroDeserializer, SchemaRegistryClient, SerdeType } = schemaregistry;
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

const CENTER = 'isens';
const TOPIC = 'lifelog.readings.valid';
const DEADLINE_MILLIS = 60_000;
// How long to look for readings that were never sent, after all that were have come.
const LINGER_MILLIS = 3_000;
// Of units.csv: from mmol/L to mg/dL of glucose.
const MMOL_PER_LITRE = 18.01559;

const [credentialsFile, sentFile] = process.argv.slice(2);
const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8'));
const expected = readFileSync(sentFile, 'utf8').trim().split('\n').map(line => canonical(JSON.parse(line)));

/** The reading as it must be found in the topic. */
function canonical(sent) {
  const converted = sent.unit === 'mmol/L';
  return {
    center: CENTER,
    subject: sent.subject,
    device: sent.device,
    metric: sent.metric,
    time: micros(sent.time),
    value: converted ? sent.value * MMOL_PER_LITRE : sent.value,
    unit: 'mg/dL',
    sentValue: converted ? sent.value : null,
    sentUnit: converted ? sent.unit : null,
  };
}

/** Microseconds since 1970 of a time in ISO 8601 with six decimals; Date alone knows milliseconds. */
function micros(time) {
  const [, seconds, fraction, offset] = /^(.{19})\.(\d{6})(Z|[+-]\d\d:\d\d)$/.exec(time);
  return Date.parse(seconds + offset) * 1000 + Number(fraction);
}

/** Differences between a reading that was sent and one that was found, as texts. */
function differences(wanted, found) {
  return Object.keys(wanted)
    .filter(field => !Object.is(wanted[field], found[field]))
    .map(field => `${wanted.subject} ${wanted.time}: ${field} is ${found[field]}, was sent as ${wanted[field]}`);
}

/** Where a reading was found in the order of subject and time. */
const position = reading => `${reading.subject} ${reading.time}`;

async function consume() {
  // Streams compress with LZ4, for which KafkaJS wants a codec.
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async encoder => Buffer.from(lz4.compress(encoder.buffer)),
    decompress: async buffer => Buffer.from(lz4.decompress(buffer)),
  });
  const registry = new SchemaRegistryClient({ baseURLs: [credentials.registry] });
  const deserializer = new AvroDeserializer(registry, SerdeType.VALUE, {});
  const kafka = new Kafka({ clientId: 'node-client', brokers: [credentials.kafka], logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `node-client-${process.pid}`, readUncommitted: false });
  const found = [];
  let failure;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        try {
          const reading = await deserializer.deserialize(topic, message.value);
          if (message.key.toString() !== `${reading.center}/${reading.subject}`) {
            failure ??= new Error(`the key ${message.key} is not that of subject ${reading.subject}`);
          }
          found.push(reading);
        } catch (error) {
          failure ??= error;
        }
      },
    });
    const deadline = Date.now() + DEADLINE_MILLIS;
    let end = deadline;
    while (Date.now() < end && !failure) {
      await new Promise(resolve => setTimeout(resolve, 100));
      if (end === deadline && found.length >= expected.length) {
        end = Date.now() + LINGER_MILLIS;
      }
    }
  } finally {
    await consumer.disconnect();
  }
  if (failure) {
    throw failure;
  }
  return found;
}

const found = await consume();
const byPosition = new Map(found.map(reading => [position(reading), reading]));
const problems = expected.flatMap(wanted => {
  const match = byPosition.get(position(wanted));
  return match ? differences(wanted, match) : [`${position(wanted)}: was sent and not found`];
});
if (found.length !== expected.length) {
  problems.push(`${expected.length} readings were sent and ${found.length} found`);
}
problems.forEach(problem => console.error(problem));
const kinds = [...new Set(expected.map(reading => reading.metric))].join(', ');
console.log(`${found.length} of ${expected.length} readings decoded by Confluent's AvroDeserializer (${kinds}), `
  + `${problems.length} differences`);
process.exitCode = problems.length === 0 ? 0 : 1;
