package org.lifelog.registry;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.types.Password;

/** Settings of the serializer, the deserializer and the client. The keys are those of Confluent's own classes. */
public final class SchemaRegistryConfig extends AbstractConfig {
    /** Addresses of the registry, separated by commas; tried in turn. */
    public static final String URL = "schema.registry.url";
    /** Where the credential comes from: {@code USER_INFO} or {@code URL}. */
    public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
    /** The credential as {@code user:password}. */
    public static final String USER_INFO = "basic.auth.user.info";
    /** Whether the serializer may register a schema that the registry does not know. */
    public static final String AUTO_REGISTER = "auto.register.schemas";
    /** Whether the serializer writes with the latest registered schema instead of the record's own. */
    public static final String USE_LATEST = "use.latest.version";
    /** Whether the deserializer makes objects of the generated classes. */
    public static final String SPECIFIC_READER = "specific.avro.reader";
    /** How often a call is repeated where the registry does not answer or is overloaded. */
    public static final String MAX_RETRIES = "max.retries";

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    URL,
                    Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.ValidList.anyNonDuplicateValues(false, false),
                    Importance.HIGH,
                    "Addresses of the schema registry, separated by commas; tried in turn.")
            .define(
                    CREDENTIALS_SOURCE,
                    Type.STRING,
                    "URL",
                    ConfigDef.ValidString.in("URL", "USER_INFO"),
                    Importance.MEDIUM,
                    "Where the credential comes from: from the address (URL) or from basic.auth.user.info (USER_INFO).")
            .define(USER_INFO, Type.PASSWORD, "", Importance.MEDIUM, "The credential as user:password.")
            .define(
                    AUTO_REGISTER,
                    Type.BOOLEAN,
                    true,
                    Importance.MEDIUM,
                    "Whether the serializer may register a schema that the registry does not know.")
            .define(
                    USE_LATEST,
                    Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Whether the serializer writes with the latest registered schema; it looks only once a minute."
                            + " Needs auto.register.schemas=false.")
            .define(
                    SPECIFIC_READER,
                    Type.BOOLEAN,
                    false,
                    Importance.MEDIUM,
                    "Whether the deserializer makes objects of the generated classes instead of generic records.")
            .define(
                    MAX_RETRIES,
                    Type.INT,
                    3,
                    ConfigDef.Range.between(0, 100),
                    Importance.LOW,
                    "How often a call is repeated where the registry does not answer or is overloaded.");

    /**
     * Checks the settings; keys of others are ignored.
     *
     * @throws org.apache.kafka.common.config.ConfigException where a setting is missing or wrong
     */
    public SchemaRegistryConfig(Map<?, ?> settings) {
        super(DEFINITION, settings, false);
    }

    List<String> urls() {
        return getList(URL);
    }

    /** The credential as {@code user:password}, or an empty text where it comes from the address or there is none. */
    String userInfo() {
        Password password = getPassword(USER_INFO);
        return getString(CREDENTIALS_SOURCE).equals("USER_INFO") ? password.value() : "";
    }
}
