package org.lifelog.gateway.http;

import io.vertx.ext.web.Router;

/** All calls of the gateway over HTTP. */
public final class HttpCalls implements HttpFront.Calls {
    private final VendorCheck vendorCheck;
    private final ReadingCalls readings;
    private final FormatCalls formats;
    private final DeviceCalls devices;
    private final RejectionCalls rejections;

    public HttpCalls(
            VendorCheck vendorCheck,
            ReadingCalls readings,
            FormatCalls formats,
            DeviceCalls devices,
            RejectionCalls rejections) {
        this.vendorCheck = vendorCheck;
        this.readings = readings;
        this.formats = formats;
        this.devices = devices;
        this.rejections = rejections;
    }

    @Override
    public void addTo(Router router) {
        readings.addTo(router, vendorCheck);
        formats.addTo(router, vendorCheck);
        devices.addTo(router, vendorCheck);
        rejections.addTo(router, vendorCheck);
        Docs.addTo(router);
    }
}
