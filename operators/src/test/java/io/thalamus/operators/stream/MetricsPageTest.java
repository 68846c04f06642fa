/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    /** When this fails: run {@link MetricsPage#main} with this path. */
    private static final Path PAGE = Path.of("../docs/metrics.md");

    @Test
    void theDocumentationIsCurrent() {
        assertThat(PAGE).hasContent(MetricsPage.markdown());
    }

    @Test
    void everyNameIsDescribedOnce() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field field : StreamMetrics.class.getDeclaredFields()) {
            if (field.getType() == String.class && !field.getName().equals("MODEL")) {
                names.add((String) field.get(null));
            }
        }
        assertThat(StreamMetrics.ALL)
                .extracting(StreamMetrics.Description::name)
                .containsExactlyInAnyOrderElementsOf(names);
    }
}
