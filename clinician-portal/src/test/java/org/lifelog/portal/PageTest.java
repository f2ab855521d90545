package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Path FOLDER = Path.of("src/main/resources/org/lifelog/portal/page");

    @Test
    void everyFileOfTheFolderIsServed() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Page.FILES);
        }
    }

    @Test
    void nothingInThePageNeedsWhatTheSecurityPolicyForbids() throws Exception {
        for (String file : Page.FILES) {
            String text = Files.readString(FOLDER.resolve(file));
            assertThat(text).as(file).doesNotContain("innerHTML", "document.write", "eval(", "cssText", "https://");
            if (file.endsWith(".html")) {
                assertThat(text).doesNotContainPattern("<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=");
            }
        }
    }

    @Test
    void bothLanguagesHaveTheSameMessages() throws Exception {
        String[] languages = Files.readString(FOLDER.resolve("messages.js")).split("\n  ko: \\{");

        assertThat(languages).hasSize(2);
        assertThat(keys(languages[1])).isEqualTo(keys(languages[0]));
    }

    private static Set<String> keys(String messages) {
        List<String> keys = new ArrayList<>();
        Pattern.compile("(?:^|[\\s,{])('?[A-Za-z0-9._-]+'?): '", Pattern.MULTILINE)
                .matcher(messages)
                .results()
                .map((MatchResult match) -> match.group(1))
                .forEach(keys::add);
        assertThat(keys).doesNotHaveDuplicates().hasSizeGreaterThan(80);
        return new TreeSet<>(keys);
    }
}
