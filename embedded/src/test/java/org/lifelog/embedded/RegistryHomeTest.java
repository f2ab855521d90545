package org.lifelog.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RegistryHomeTest {

    @Test
    void isUnpackedByTheBuild() {
        RegistryHome home = RegistryHome.find();
        assertThat(home.runner().resolveSibling("lib")).isDirectory();
        assertThat(home.mainClass()).isEqualTo("io.quarkus.runner.GeneratedMain");
        assertThat(Files.isRegularFile(home.runner())).isTrue();
    }

    @Test
    void isFoundFromClassesJarAndAnotherModulesLibraries() {
        Path unpacked = Path.of("/checkout/embedded/target/registry");
        assertThat(RegistryHome.candidates(Path.of("/checkout/embedded/target/classes")))
                .contains(unpacked);
        assertThat(RegistryHome.candidates(Path.of("/checkout/embedded/target/lifelog-embedded.jar")))
                .contains(unpacked);
        assertThat(RegistryHome.candidates(Path.of("/checkout/local/target/lib/lifelog-embedded.jar")))
                .contains(unpacked);
    }
}
