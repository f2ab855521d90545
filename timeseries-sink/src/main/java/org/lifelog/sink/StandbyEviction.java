package org.lifelog.sink;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** Has the pool close a connection to a server that takes no writes, so that the next one finds the primary. */
final class StandbyEviction implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException error) {
        return DatabaseFault.readOnly(error) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
