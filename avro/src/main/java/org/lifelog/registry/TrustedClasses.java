package org.lifelog.registry;

import org.apache.avro.util.ClassSecurityValidator;
import org.lifelog.avro.Reading;

/**
 * Avro makes objects only of classes that are trusted, since a schema from outside could name any class. Ours are those
 * that were generated from our own schemas.
 */
public final class TrustedClasses {
    static {
        String generated = Reading.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(generated)));
    }

    private TrustedClasses() {}

    /** Trusts the generated classes, once in this JVM; the serializer and the deserializer call it. */
    public static void trust() {
        // The work is done when this class is loaded.
    }
}
