package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortInUseExceptionTest {
    @Test
    void theMessageSaysWhatToDo() {
        assertThat(new PortInUseException("127.0.0.1", 8080, "gateway.http.port"))
                .hasMessage("Port 8080 on 127.0.0.1 is in use by another process. Set gateway.http.port to another"
                        + " port.");
    }
}
