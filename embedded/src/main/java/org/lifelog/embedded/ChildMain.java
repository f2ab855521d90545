package org.lifelog.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another program's main class in a JVM that ends when its standard input does, which is when the process that
 * started it is gone, however it ended. The first argument names the main class; the others are its own.
 */
final class ChildMain {

    private ChildMain() {}

    /**
     * @param arguments the main class to run, then its arguments
     * @throws ReflectiveOperationException if there is no such main class
     * @throws Exception whatever that class throws
     */
    public static void main(String[] arguments) throws Exception {
        Thread watch = new Thread(ChildMain::endWithParent, "parent");
        watch.setDaemon(true);
        watch.start();
        Class<?> main = Class.forName(arguments[0]);
        try {
            main.getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The pipe is broken: the same as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
