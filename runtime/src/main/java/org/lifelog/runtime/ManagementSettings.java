package org.lifelog.runtime;

/** The settings of the management port, which every service has. */
public final class ManagementSettings {
    /** Address to bind to. */
    public static final Setting<String> HOST = Setting.text(
            "management.host", "127.0.0.1", "Address on which metrics and health are served; 0.0.0.0 for all.");

    /** Port to bind to. */
    public static final Setting<Integer> PORT =
            Setting.port("management.port", 0, "Port on which metrics and health are served; 0 takes a free one.");

    private ManagementSettings() {}
}
