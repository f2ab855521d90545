package org.lifelog.gateway.http;

import io.vertx.ext.web.Router;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.format.ReadingDecoder;

/** All calls of the gateway over HTTP. */
public final class HttpCalls implements HttpFront.Calls {
    private final ReadingCalls readings;
    private final VendorCheck vendorCheck;

    public HttpCalls(
            Acceptor acceptor, Memory memory, ReadingDecoder decoder, Authenticator authenticator, Centers centers) {
        vendorCheck = new VendorCheck(authenticator, centers);
        readings = new ReadingCalls(acceptor, memory, decoder);
    }

    @Override
    public void addTo(Router router) {
        readings.addTo(router, vendorCheck);
    }
}
