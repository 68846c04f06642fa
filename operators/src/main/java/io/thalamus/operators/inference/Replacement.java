/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.core.JsonPointer;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.TokenFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a bundle can take another's place in a running pipeline: it wants and gives the same, and
 * says the same of what the pipeline, or whoever reads its results, has taken from the other.
 */
public final class Replacement {
    /** Fields of a configuration that have a meaning outside the network. */
    private static final List<JsonPointer> MEANINGS =
            List.of(
                    JsonPointer.compile("/task_name"),
                    JsonPointer.compile("/classes"),
                    JsonPointer.compile("/frontend"),
                    JsonPointer.compile("/dataset/columns"),
                    JsonPointer.compile("/dataset/scaler"));

    private Replacement() {}

    /**
     * Reads the whole bundle as opening it would, without an engine.
     *
     * @param running the bundle that the pipeline names
     * @param other what is to take its place
     * @param settings how streams learn
     * @throws InvalidInputException if it cannot, or is not usable
     */
    public static void check(
            ModelBundle running,
            ModelBundle other,
            AdaptationSettings settings,
            ClassLoader loader) {
        ModelFactory factory = ModelFactories.forBundle(other, loader);
        ModelSignature wanted = ModelFactories.forBundle(running, loader).signature(running);
        if (wanted.carriesState()) {
            throw new InvalidInputException(
                    "%s carries state from window to window, which no other network can go on from; restart with the other bundle"
                            .formatted(wanted.model()));
        }
        if (wanted.result() == AnomalyScore.class) {
            throw new InvalidInputException(
                    "%s gives scores, whose threshold is of its own bundle; restart with the other bundle"
                            .formatted(wanted.model()));
        }
        if (wanted.result() == TokenFrame.class) {
            throw new InvalidInputException(
                    "%s gives codes, which mean nothing without its own bundle; restart with the other bundle"
                            .formatted(wanted.model()));
        }
        ModelFactories.read(
                other,
                () -> {
                    checkAlike(running, wanted, other, factory.signature(other));
                    ModelFactories.check(factory, other, settings);
                    return other;
                });
    }

    private static void checkAlike(
            ModelBundle running, ModelSignature wanted, ModelBundle other, ModelSignature given) {
        Map<String, Object> ours = described(running, wanted);
        described(other, given)
                .forEach(
                        (name, value) -> {
                            if (!value.equals(ours.get(name))) {
                                throw new InvalidInputException(
                                        "%s cannot take the place of %s: %s is %s, not %s"
                                                .formatted(
                                                        other.name(),
                                                        running.name(),
                                                        name,
                                                        value,
                                                        ours.get(name)));
                            }
                        });
    }

    private static Map<String, Object> described(ModelBundle bundle, ModelSignature signature) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("result", signature.result().getSimpleName());
        all.put("channels", signature.channels());
        all.put("channel names", signature.channelNames());
        all.put("subjects", signature.subjects().names());
        all.put("rate", String.valueOf(signature.rate()));
        all.put("window", signature.lengths());
        all.put("horizon", signature.horizon());
        all.put("missing values accepted", signature.acceptsMissing());
        all.put("carried state", signature.carriesState());
        for (JsonPointer meaning : MEANINGS) {
            all.put(
                    "%s of %s".formatted(meaning, ModelBundle.CONFIG),
                    bundle.config().root().at(meaning));
        }
        return all;
    }
}
