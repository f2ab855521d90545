package org.lifelog.sink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows to a table by COPY in PostgreSQL's binary format, while the server stores those before them. A COPY that is
 * closed before {@link #end} has stored nothing.
 */
final class CopyRows implements AutoCloseable {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final short TRAILER = -1;
    private static final int NULL = -1;
    /** PostgreSQL counts times from 2000-01-01. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private static final int BUFFER_BYTES = 64 * 1024;
    /** More than any element but a text takes, with its length. */
    private static final int ELEMENT_BYTES = 16;

    private final CopyIn copy;
    private final short columns;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /**
     * Begins.
     *
     * @param columns of the table, separated by commas, in the order in which {@link #row} is followed by its elements
     */
    CopyRows(Connection connection, String table, String columns) throws SQLException {
        this.columns = (short) columns.split(",").length;
        this.copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " (" + columns + ") FROM STDIN (FORMAT binary)");
        buffer.put(HEADER);
    }

    /** Begins a row; all its elements follow. */
    CopyRows row() throws SQLException {
        room(ELEMENT_BYTES).putShort(columns);
        return this;
    }

    CopyRows int2(int value) throws SQLException {
        room(ELEMENT_BYTES).putInt(Short.BYTES).putShort((short) value);
        return this;
    }

    CopyRows int4(Integer value) throws SQLException {
        ByteBuffer to = room(ELEMENT_BYTES);
        if (value == null) {
            to.putInt(NULL);
        } else {
            to.putInt(Integer.BYTES).putInt(value);
        }
        return this;
    }

    CopyRows int8(long value) throws SQLException {
        room(ELEMENT_BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    CopyRows float8(Double value) throws SQLException {
        ByteBuffer to = room(ELEMENT_BYTES);
        if (value == null) {
            to.putInt(NULL);
        } else {
            to.putInt(Double.BYTES).putDouble(value);
        }
        return this;
    }

    /** A timestamptz, from microseconds since the epoch of Java. */
    CopyRows time(Long micros) throws SQLException {
        ByteBuffer to = room(ELEMENT_BYTES);
        if (micros == null) {
            to.putInt(NULL);
        } else {
            to.putInt(Long.BYTES).putLong(micros - EPOCH_MICROS);
        }
        return this;
    }

    CopyRows text(String value) throws SQLException {
        if (value == null) {
            room(ELEMENT_BYTES).putInt(NULL);
        } else {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            room(ELEMENT_BYTES + bytes.length).putInt(bytes.length).put(bytes);
        }
        return this;
    }

    /**
     * Ends it; the server has taken all rows when this returns.
     *
     * @throws SQLException where it refuses one of them, and so all
     */
    void end() throws SQLException {
        room(ELEMENT_BYTES).putShort(TRAILER);
        send();
        copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private ByteBuffer room(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            send();
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocate(bytes);
            }
        }
        return buffer;
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
