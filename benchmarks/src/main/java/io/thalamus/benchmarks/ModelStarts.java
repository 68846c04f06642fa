/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.StreamModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What the start of a model's job leaves in a process: opens a bundle's model on a thread of its
 * own, lets it work on one window, closes it and ends the thread, again and again, and tells how
 * much memory the process has. Arguments: the bundle's folder, and how many starts.
 */
public final class ModelStarts {
    private static final int LOOKS = 10;

    private ModelStarts() {}

    public static void main(String[] arguments) throws IOException {
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[0]));
        int between = Integer.parseInt(arguments[1]) / LOOKS;
        System.out.println("| starts | process, MB | a start, MB |");
        System.out.println("| --- | --- | --- |");
        double before = Memory.resident();
        for (int look = 1; look <= LOOKS; look++) {
            for (int i = 0; i < between; i++) {
                CompletableFuture.runAsync(() -> start(bundle), task -> new Thread(task).start())
                        .join();
            }
            System.gc();
            double now = Memory.resident();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.1f | %.2f |%n",
                    look * between,
                    now,
                    (now - before) / between);
            before = now;
        }
    }

    private static void start(ModelBundle bundle) {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, ModelStarts.class.getClassLoader())
                                .open(bundle, engine, AdaptationSettings.FROZEN)) {
            model.infer(Windows.rhythmic(model.signature(), 1));
        }
    }
}
