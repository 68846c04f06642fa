/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The page of the documentation that lists every key, from the declarations of the keys. */
final class OptionsPage {
    private final StringBuilder page = new StringBuilder();

    private OptionsPage() {}

    /** Writes the page: {@code OptionsPage docs/options.md}. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), markdown());
    }

    static String markdown() {
        return new OptionsPage().write();
    }

    private String write() {
        page.append(
                """
                # The keys of a pipeline file

                Written from the declarations in `io.thalamus.jobs.spec`; do not edit by hand.

                Relative paths start at the pipeline file's folder; those given with `--set` start
                at the working directory. `--set a.b=c` sets any key below: an element of a list is
                named by its index (`transforms[1].limit=3`) or by its id
                (`transforms.fill.limit=3`), and an empty value removes a key. Durations have a
                unit: `ns`, `us`, `ms`, `s`, `min`, `h` or `d`.

                """);
        table("The pipeline", "", PipelineKeys.PIPELINE);
        variants("source", PipelineKeys.SOURCES);
        table("`source.registry` and `sink.registry`", "", TopicFormats.REGISTRY_KEYS);
        table("`source.stream` of the format `pcm`", "", TopicFormats.PCM_KEYS);
        table("`source.stream` of the format `json`", "", TopicFormats.JSON_KEYS);
        table("`order`", "", PipelineKeys.ORDER_KEYS);
        table("`order.fill`", "", OrderReader.FILL_KEYS);
        table("`order.drift`", "", OrderReader.DRIFT_KEYS);
        table("`order.saturation`", "", OrderReader.SATURATION_KEYS);
        table("`order.flat-line`", "", OrderReader.FLAT_LINE_KEYS);
        table("`order.grid`", "", GridReader.KEYS);
        table("`align`", "", AlignReader.KEYS);
        variants("transforms[]", TransformType.variants());
        table("`window`", "", PipelineKeys.WINDOW_KEYS);
        table("`window.trigger`", "", TriggerReader.KEYS);
        table("`model`", "", PipelineKeys.MODEL_KEYS);
        table("`model.batch`", "", PipelineKeys.BATCH_KEYS);
        table("`adaptation`", "", AdaptationReader.KEYS);
        variants("control", PipelineKeys.CONTROLS);
        table("`detection`", "", DetectionReader.KEYS);
        variants("detection.threshold", DetectionReader.THRESHOLDS);
        variants("sink", PipelineKeys.SINKS);
        variants("annotations", PipelineKeys.SINKS);
        variants("errors", PipelineKeys.ERROR_SINKS);
        variants("detection.events", PipelineKeys.SINKS);
        variants("codes", PipelineKeys.CODE_SINKS);
        variants("adaptation.events", PipelineKeys.SINKS);
        variants("dead-letters", PipelineKeys.DEAD_LETTER_SINKS);
        return page.toString().stripTrailing() + "\n";
    }

    private void variants(String group, List<Variant> variants) {
        for (Variant variant : variants) {
            table(
                    "`%s` of type `%s`".formatted(group, variant.type()),
                    variant.description(),
                    variant.keys().stream().filter(key -> key != Variant.TYPE).toList());
        }
    }

    private void table(String title, String introduction, List<? extends Key<?>> keys) {
        page.append("## ").append(title).append("\n\n");
        if (!introduction.isEmpty()) {
            page.append(introduction).append("\n\n");
        }
        page.append("| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        for (Key<?> key : keys) {
            page.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    key.name(),
                                    key.type().name(),
                                    key.required() ? "**required**" : key.shownDefault(),
                                    key.description()));
        }
        page.append('\n');
    }
}
