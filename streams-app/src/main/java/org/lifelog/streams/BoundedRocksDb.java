package org.lifelog.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all RocksDB stores of the process together. Left alone, each segment of each store of each
 * partition would have 50 MiB of block cache and 48 MiB of write buffers of its own.
 *
 * <p>Kafka Streams makes one instance for each store, so what they share has to be static.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** Bytes for all stores together; an entry of the Streams configuration. */
    public static final String BYTES = "lifelog.rocksdb.bytes";

    private static final long WRITE_BUFFER_BYTES = 4L << 20;
    private static final double WRITE_BUFFER_SHARE = 0.4;
    private static Cache cache;
    private static WriteBufferManager writeBuffers;

    /** For Kafka Streams. */
    public BoundedRocksDb() {}

    private static synchronized void share(long bytes) {
        if (cache == null) {
            cache = new LRUCache(bytes, -1, false, 0.1);
            writeBuffers = new WriteBufferManager((long) (bytes * WRITE_BUFFER_SHARE), cache);
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        share(((Number) configs.get(BYTES)).longValue());
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setWriteBufferManager(writeBuffers);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
        options.setTableFormatConfig(table);
    }

    @Override
    public void close(String storeName, Options options) {
        // What is shared lives as long as the process.
    }
}
