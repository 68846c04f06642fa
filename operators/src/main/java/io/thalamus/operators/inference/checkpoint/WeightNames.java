/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import io.thalamus.schemas.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What other implementations of an architecture call its weights. */
public final class WeightNames {
    /** How a name begins there and here; the first that fits counts. */
    private record Beginning(String there, String here) {}

    /** MossFormer2 in ClearerVoice and ModelScope, and here as in the authors' own repository. */
    private static final List<Beginning> MOSSFORMER2 =
            List.of(
                    new Beginning("enc.", "encoder."),
                    new Beginning("dec.", "decoder."),
                    new Beginning(
                            "mask_net.mdl.intra_mdl.mossformerM.",
                            "masknet.dual_mdl.0.intra_mdl.mdl.flashT."),
                    new Beginning(
                            "mask_net.mdl.intra_mdl.norm.",
                            "masknet.dual_mdl.0.intra_mdl.mdl.norm.norm."),
                    new Beginning("mask_net.mdl.intra_norm.", "masknet.dual_mdl.0.intra_norm."),
                    new Beginning("mask_net.", "masknet."));

    private static final Map<String, List<Beginning>> BY_ARCHITECTURE =
            Map.of("mossformer2", MOSSFORMER2);

    private WeightNames() {}

    /**
     * Gives tensors the names that bundles of the architecture use.
     *
     * @throws InvalidInputException if two would have the same
     */
    public static <T> Map<String, T> of(String architecture, Map<String, T> tensors) {
        List<Beginning> beginnings = BY_ARCHITECTURE.getOrDefault(architecture, List.of());
        Map<String, T> renamed = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) -> {
                    String here = renamed(name, beginnings);
                    if (renamed.put(here, tensor) != null) {
                        throw new InvalidInputException(
                                "the checkpoint has tensor %s twice, under two names"
                                        .formatted(here));
                    }
                });
        return renamed;
    }

    private static String renamed(String name, List<Beginning> beginnings) {
        for (Beginning beginning : beginnings) {
            if (name.startsWith(beginning.there)) {
                return beginning.here + name.substring(beginning.there.length());
            }
        }
        return name;
    }
}
