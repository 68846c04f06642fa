/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir private Path folder;

    private static Settings settings(String json) throws IOException {
        return new Settings((ObjectNode) new ObjectMapper().readTree(json));
    }

    @Test
    void areTheSameWhateverTheirOrder() throws IOException {
        settings("{\"recipe\": {\"batch\": 3, \"hop\": 1}, \"seed\": 7}").write(folder);

        Settings other = settings("{\"seed\": 7, \"recipe\": {\"hop\": 1, \"batch\": 3}}");
        assertThatCode(() -> other.requireIn(folder)).doesNotThrowAnyException();
    }

    @Test
    void tellWhichOneIsOnOneSideOnly() throws IOException {
        settings("{\"network\": {\"top_k\": 3, \"freq\": \"h\"}, \"seed\": 7}").write(folder);

        assertRefused(
                "{\"network\": {\"top_k\": 3}, \"seed\": 7}", "network.freq of \"h\", not nothing");
        assertRefused("{\"network\": {\"top_k\": 3, \"freq\": \"h\"}}", "seed of 7, not nothing");
        assertRefused(
                "{\"network\": {\"top_k\": 3, \"freq\": \"h\", \"dropout\": 0.1}, \"seed\": 7}",
                "network.dropout of nothing, not 0.1");
    }

    @Test
    void tellsOfAnotherBundleInWordsNotInDigests() throws IOException {
        settings("{\"from\": \"0a1b\", \"seed\": 7}").write(folder);

        for (String now : List.of("{\"from\": \"2c3d\", \"seed\": 7}", "{\"seed\": 7}")) {
            assertThatThrownBy(() -> settings(now).requireIn(folder))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("began from another bundle: name the same with --from");
        }
    }

    private void assertRefused(String now, String told) {
        assertThatThrownBy(() -> settings(now).requireIn(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("began with " + told);
    }
}
