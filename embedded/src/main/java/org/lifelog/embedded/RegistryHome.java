package org.lifelog.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Where the schema registry's program is unpacked.
 *
 * @param runner its executable jar; {@code lib} is beside it
 * @param mainClass the main class that the jar's manifest names
 */
record RegistryHome(Path runner, String mainClass) {

    /** System property that names the folder, for unusual layouts. */
    static final String PROPERTY = "lifelog.registry.home";

    /**
     * The folder that {@value #PROPERTY} names, else the one that the build of this module unpacked.
     *
     * @throws IllegalStateException if there is none
     */
    static RegistryHome find() {
        String named = System.getProperty(PROPERTY, "");
        List<Path> candidates = named.isEmpty() ? candidates(codeSource()) : List.of(Path.of(named));
        return candidates.stream()
                .flatMap(RegistryHome::runnersIn)
                .findFirst()
                .map(runner -> new RegistryHome(runner, mainClassOf(runner)))
                .orElseThrow(() -> new IllegalStateException("no schema registry in " + candidates
                        + ": build the module embedded, or name the folder with -D" + PROPERTY + "="));
    }

    /** The directory or jar that this class comes from. */
    static Path codeSource() {
        try {
            return Path.of(RegistryHome.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * For {@code embedded/target/classes} and {@code embedded/target/lifelog-embedded.jar} the neighbour; for
     * {@code <module>/target/lib/lifelog-embedded.jar} the module {@code embedded} of the same checkout.
     */
    static List<Path> candidates(Path codeSource) {
        Path beside = codeSource.resolveSibling("registry");
        Path module = codeSource.resolve("../../..").normalize();
        return List.of(beside, module.resolveSibling("embedded").resolve("target/registry"));
    }

    private static Stream<Path> runnersIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("apicurio-registry-app-.*-runner\\.jar"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mainClassOf(Path runner) {
        try (JarFile jar = new JarFile(runner.toFile())) {
            return jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
