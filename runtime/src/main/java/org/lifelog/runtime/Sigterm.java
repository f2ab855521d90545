package org.lifelog.runtime;

import java.lang.reflect.Proxy;

/**
 * What SIGTERM does. By itself Java runs its shutdown hooks and ends with 143, which looks like a failure to whoever
 * asked it to stop. Java has a handler for signals in {@code jdk.unsupported}, of which the compiler warns, and no other:
 * so it is reached by reflection, and where it is missing Java's own way stays.
 */
final class Sigterm {
    private Sigterm() {}

    /** Runs an action on SIGTERM, on a thread of its own, instead of what Java does. */
    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Sigterm.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), proxy);
        } catch (ReflectiveOperationException e) {
            // Java's own way closes the parts just as well.
        }
    }
}
