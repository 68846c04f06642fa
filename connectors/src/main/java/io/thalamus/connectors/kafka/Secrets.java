/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Secrets in the properties of clients, in Kafka's own notation: {@code ${env:NAME}} is an
 * environment variable, {@code ${file:/path:key}} a key of a properties file, and {@code
 * ${directory:/path:name}} the whole content of a file. Each Kafka client resolves them itself, on
 * the machine where it is opened and not before, so that neither the pipeline's settings nor the
 * job graph holds more than the name of a secret.
 */
final class Secrets {
    private static final String PROVIDERS = "config.providers";

    private Secrets() {}

    /** Client properties in which these notations are understood, unless others are asked for. */
    static Properties understoodIn(Map<String, String> properties) {
        Properties understood = new Properties();
        understood.setProperty(PROVIDERS, "env,file,directory");
        understood.setProperty(PROVIDERS + ".env.class", Environment.class.getName());
        understood.setProperty(PROVIDERS + ".file.class", PropertiesFile.class.getName());
        understood.setProperty(PROVIDERS + ".directory.class", Directory.class.getName());
        understood.putAll(properties);
        return understood;
    }

    /** The properties with the secrets that they name, for a client that is not Kafka's. */
    static Map<String, String> resolved(Map<String, String> properties) {
        try (Environment environment = new Environment();
                PropertiesFile file = new PropertiesFile();
                Directory directory = new Directory()) {
            Map<String, ConfigProvider> providers =
                    Map.of("env", environment, "file", file, "directory", directory);
            providers.values().forEach(provider -> provider.configure(Map.of()));
            return new ConfigTransformer(providers).transform(new HashMap<>(properties)).data();
        } catch (ConfigException e) {
            throw new InvalidInputException(e.getMessage(), e);
        } catch (IOException e) {
            throw new InvalidInputException("a secret cannot be read: " + e.getMessage(), e);
        }
    }

    /** Kafka's own providers leave what is not there as it stands, which no client understands. */
    private static ConfigData whole(ConfigData found, Set<String> wanted, String place) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(found.data().keySet());
        if (!missing.isEmpty()) {
            throw new ConfigException(
                    "%s has no %s, which a property names as its secret"
                            .formatted(place, String.join(", ", missing)));
        }
        return found;
    }

    /** Instantiated by Kafka. */
    public static final class Environment extends EnvVarConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return whole(super.get(path, keys), keys, "the environment of this process");
        }
    }

    /** Instantiated by Kafka. */
    public static final class PropertiesFile extends FileConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return whole(super.get(path, keys), keys, "the file " + path);
        }
    }

    /** Instantiated by Kafka. */
    public static final class Directory extends DirectoryConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return whole(super.get(path, keys), keys, "the folder " + path);
        }
    }
}
