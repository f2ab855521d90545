package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.lifelog.streams.history.History;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.Range;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;

/** How many bytes the streams hold to know a reading again, by metric. */
final class DuplicateState {
    private DuplicateState() {}

    /** In the changelog: key and value of what compaction leaves, the last record of each key. */
    static Map<String, Long> inChangelog(BenchStreams streams, String application) {
        Map<String, Long> byKey = new HashMap<>();
        streams.read(
                application + "-" + History.STORE + "-changelog",
                record -> byKey.put(
                        record.key(),
                        record.value() == null ? 0 : (long) record.serializedKeySize() + record.serializedValueSize()));
        Map<String, Long> byMetric = new HashMap<>();
        byKey.forEach((key, bytes) -> byMetric.merge(History.parts(key)[2], bytes, Long::sum));
        return byMetric;
    }

    /** On disk: what the files of RocksDB hold of the keys of one metric, older versions of blocks included. */
    static long onDisk(Path state, String metric) {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(path -> path.endsWith(History.STORE))
                    .mapToLong(store -> bytes(store, metric))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A series begins with its center and subject, and the subjects of the benchmark with their metric. */
    private static long bytes(Path store, String metric) {
        String from = StreamsBacklog.CENTER + '\u0000' + metric;
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Options options = new Options();
                DBOptions reading = new DBOptions();
                Slice first = new Slice(from.getBytes(StandardCharsets.UTF_8));
                Slice last = new Slice((from + '\u007f').getBytes(StandardCharsets.UTF_8))) {
            List<ColumnFamilyDescriptor> families = RocksDB.listColumnFamilies(options, store.toString()).stream()
                    .map(ColumnFamilyDescriptor::new)
                    .toList();
            try (RocksDB database = RocksDB.openReadOnly(reading, store.toString(), families, handles)) {
                long bytes = 0;
                for (ColumnFamilyHandle family : handles) {
                    bytes += database.getApproximateSizes(
                                    family, List.of(new Range(first, last)), SizeApproximationFlag.INCLUDE_FILES)[0];
                }
                handles.forEach(ColumnFamilyHandle::close);
                return bytes;
            }
        } catch (RocksDBException e) {
            throw new IllegalStateException("Cannot read " + store, e);
        }
    }
}
