/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The page of the documentation that lists every metric, from their declarations. */
final class MetricsPage {

    private MetricsPage() {}

    /** Writes the page: {@code MetricsPage docs/metrics.md}. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), markdown());
    }

    static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                String.format(
                        Locale.ROOT,
                        """
# Metrics

Written from the declarations in `io.thalamus.operators.stream.StreamMetrics`; do not edit by hand.

They are Flink metrics in the scope of the step's operator, beside Flink's own (`numRecordsIn`,
`currentInputWatermark`, back-pressure, checkpoints), and go wherever the cluster's reporters send
them. Those of the model step lie in the group `%s.<name of the bundle>`; their histograms hold the
last %,d values. None is kept by stream: figures of single streams are records.

| step | metric | kind | what it tells |
| --- | --- | --- | --- |
""",
                        StreamMetrics.MODEL,
                        StreamMetrics.HISTOGRAM_WINDOW));
        for (StreamMetrics.Description metric : StreamMetrics.ALL) {
            page.append(
                    "| %s | `%s` | %s | %s |\n"
                            .formatted(
                                    metric.step(), metric.name(), metric.kind(), metric.meaning()));
        }
        return page.toString();
    }
}
