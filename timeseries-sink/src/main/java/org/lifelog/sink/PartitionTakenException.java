package org.lifelog.sink;

/** Another sink has moved a partition on: this one lost it in a rebalance and must read its offsets anew. */
final class PartitionTakenException extends RuntimeException {
    PartitionTakenException() {
        super("Another sink has taken a partition of this batch.");
    }
}
