package org.lifelog.load;

import io.netty.channel.ChannelHandlerContext;
import org.lifelog.local.ServiceCredentials.Account;

/** A connection over HTTP/1.1 that sends one request and then stays as it is. */
final class IdleHttp extends HttpLoad {
    /** A connection of a vendor. */
    IdleHttp(Owner owner, String host, String center, Account account, SampleReadings readings) {
        super(owner, host, center, account, readings);
    }

    /** Its owner is told by {@link Owner#answered}, and not that it may send. */
    @Override
    void begin(ChannelHandlerContext to) {
        send(System.nanoTime());
        flush();
    }
}
