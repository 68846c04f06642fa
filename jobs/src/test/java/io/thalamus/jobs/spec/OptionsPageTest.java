/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsPageTest {
    /** When this fails: run {@link OptionsPage#main} with this path. */
    private static final Path PAGE = Path.of("../docs/options.md");

    @Test
    void theDocumentationIsCurrent() {
        assertThat(PAGE).hasContent(OptionsPage.markdown());
    }
}
