package org.lifelog.sink;

/**
 * Whether the next readings are likely to be new, so that COPY takes them, which is the fastest way and fails at a row that
 * is there already. After such a failure batches are merged, until a number of them had new readings only. That number doubles
 * with each failure and falls with each success, so that a topic that is read once more pays for one failure. Safe for use by several threads.
 */
final class FirstWrites {
    private static final int MOST = 64;

    private int afterFailure = 1;
    private int merges;

    /** Whether to copy the next batch. */
    synchronized boolean likely() {
        return merges == 0;
    }

    /** A batch was copied. */
    synchronized void copied() {
        afterFailure = Math.max(1, afterFailure - 1);
    }

    /** A batch could not be copied, because a row was there. */
    synchronized void refused() {
        merges = afterFailure;
        afterFailure = Math.min(MOST, 2 * afterFailure);
    }

    /**
     * A batch was merged.
     *
     * @param allNew whether all its readings were new
     */
    synchronized void merged(boolean allNew) {
        if (allNew) {
            merges = Math.max(0, merges - 1);
        }
    }
}
