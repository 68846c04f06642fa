/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.LearningModel;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.StreamModel;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.util.IOUtils;

/**
 * Which model to run, and on what: what a job graph carries in place of the model itself.
 *
 * <p>Each operator instance opens a model of its own, so that a TaskManager holds as many copies of
 * the weights as it has slots with a model. An engine and what it compiles belong to one thread,
 * and every slot is a thread; one copy for all would need an engine that several threads may enter
 * at once, which MXNet's cached operations are not. A model too large for that gets a slot sharing
 * group with few slots.
 *
 * @param bundle the bundle's folder, a path or URI of any file system that Flink knows
 * @param engine the engine's name, as {@link GraphEngines} has it
 * @param adaptation how each stream learns
 * @param initial the folder of what streams know when they begin, a path or URI; empty if they
 *     begin at the bundle's weights
 */
public record ModelHandle(
        String bundle, String engine, AdaptationSettings adaptation, String initial)
        implements Serializable {

    /** A model whose streams begin at the bundle's weights. */
    public ModelHandle(String bundle, String engine, AdaptationSettings adaptation) {
        this(bundle, engine, adaptation, "");
    }

    /** A model whose streams do not learn. */
    public ModelHandle(String bundle, String engine) {
        this(bundle, engine, AdaptationSettings.FROZEN);
    }

    /** The same on another bundle, whose streams begin at its weights. */
    ModelHandle with(String other) {
        return new ModelHandle(other, engine, adaptation);
    }

    /** Where a task may copy bundles to. */
    static Path scratch(Environment task) {
        return Path.of(task.getTaskManagerInfo().getTmpDirectories()[0]);
    }

    /** Opens the model for the calling thread. */
    OpenModel open(ClassLoader loader, Path scratch) throws Exception {
        StagedBundle staged = StagedBundle.of(bundle, scratch);
        GraphEngine opened = null;
        StreamModel model = null;
        InitialWeights known = null;
        try {
            ModelBundle local = staged.bundle();
            String digest = adaptation.adapts() ? local.digest() : "";
            if (!initial.isEmpty()) {
                known = InitialWeights.of(initial, scratch, digest, adaptation.rule().preset());
            }
            var factory = ModelFactories.forBundle(local, loader);
            opened = GraphEngines.open(engine);
            model = factory.open(local, opened, adaptation);
            Optional<LearningModel> learning =
                    adaptation.adapts()
                            ? Optional.of(
                                    LearningModel.open(factory, local, opened, model, adaptation))
                            : Optional.empty();
            return new OpenModel(
                    staged, digest, opened, model, learning, Optional.ofNullable(known));
        } catch (Throwable e) {
            IOUtils.closeAllQuietly(model, opened, known, staged);
            throw e;
        }
    }
}
