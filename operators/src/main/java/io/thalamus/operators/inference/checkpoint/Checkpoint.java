/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights in a file that {@code torch.save} has written: a dictionary of weights, or a
 * dictionary with one of them under {@code model}, {@code state_dict} or {@code model_state_dict}
 * beside the state of an optimizer, which is passed over. Both containers are read, that of PyTorch
 * 1.6 and that before. A prefix {@code module.} of the names is left out.
 *
 * <p>Nothing in the file is executed, and what is held in memory is bounded by the file's size: the
 * weights, which together are no more values than the file has bytes, and a pickle of at most 64
 * MiB.
 *
 * @param weights by name, as float32: float16 and bfloat16 exactly, float64 rounded
 * @param leftOut the names of tensors of whole numbers, such as counts of batches
 */
public record Checkpoint(Map<String, Tensor> weights, List<String> leftOut) {
    private static final List<String> HOLDERS = List.of("model", "state_dict", "model_state_dict");
    private static final String PARALLEL = "module.";

    /**
     * Reads a file.
     *
     * @throws InvalidInputException if it is not there, is no such file, is damaged, or holds
     *     something else, which is named
     */
    public static Checkpoint read(Path file) {
        try (Container container = open(file)) {
            return new Reading(container, Files.size(file)).read(weights(container.root()));
        } catch (Unpickler.Refusal e) {
            throw new InvalidInputException(
                    "%s cannot be read as a checkpoint: %s"
                            .formatted(file, e.getMessage().replaceAll("\\p{Cntrl}", "?")),
                    e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    Files.exists(file)
                            ? "%s cannot be read: %s".formatted(file, e.getMessage())
                            : "%s does not exist".formatted(file),
                    e);
        }
    }

    private static Container open(Path file) throws Unpickler.Refusal, IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(LegacyContainer.MAGIC.length);
        }
        if (startsWith(head, ZipContainer.MAGIC)) {
            return ZipContainer.open(file, Files.size(file));
        }
        if (startsWith(head, LegacyContainer.MAGIC)) {
            return LegacyContainer.open(file);
        }
        throw new Unpickler.Refusal("it does not begin as what torch.save writes");
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length
                && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static Map<?, ?> weights(Object root) throws Unpickler.Refusal {
        if (root instanceof Map<?, ?> saved) {
            for (String holder : HOLDERS) {
                if (saved.get(holder) instanceof Map<?, ?> held) {
                    return held;
                }
            }
            return saved;
        }
        throw new Unpickler.Refusal("it holds no dictionary of weights");
    }

    /** One file on its way into memory. */
    private static final class Reading {
        private final Container container;
        private final long fileSize;
        private final Map<String, Tensor> weights = new LinkedHashMap<>();
        private final List<String> leftOut = new ArrayList<>();
        private long values;

        // Networks whose weights are looks at one storage are read once.
        private Storage latest;
        private ByteBuffer latestValues;

        Reading(Container container, long fileSize) {
            this.container = container;
            this.fileSize = fileSize;
        }

        Checkpoint read(Map<?, ?> named) throws Unpickler.Refusal, IOException {
            for (Map.Entry<?, ?> entry : named.entrySet()) {
                String name = String.valueOf(entry.getKey());
                if (!(entry.getValue() instanceof StoredTensor tensor)) {
                    throw new Unpickler.Refusal(
                            "%s is no tensor, so that this is no dictionary of weights, and none is under %s"
                                    .formatted(name, HOLDERS));
                }
                add(name.startsWith(PARALLEL) ? name.substring(PARALLEL.length()) : name, tensor);
            }
            if (weights.isEmpty()) {
                throw new Unpickler.Refusal("it holds no weights");
            }
            return new Checkpoint(weights, leftOut);
        }

        private void add(String name, StoredTensor tensor) throws Unpickler.Refusal, IOException {
            if (!tensor.storage().type().isFloat()) {
                leftOut.add(name);
                return;
            }
            values += tensor.size();
            if (values > fileSize) {
                throw new Unpickler.Refusal("its tensors have more values than it has bytes");
            }
            if (!tensor.storage().equals(latest)) {
                latestValues = container.values(tensor.storage());
                latest = tensor.storage();
            }
            Tensor read = tensor.tensor(latestValues);
            for (float value : read.data()) {
                if (!Float.isFinite(value)) {
                    throw new Unpickler.Refusal("tensor %s holds %s".formatted(name, value));
                }
            }
            if (weights.put(name, read) != null) {
                throw new Unpickler.Refusal("it has two tensors %s".formatted(name));
            }
        }
    }
}
