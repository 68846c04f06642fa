/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * What a training can be gone on from: a folder {@code checkpoint-<number>}, which appears when it
 * is whole and takes the place of the one before.
 *
 * @param folder where they lie
 */
record Checkpoints(Path folder) {
    private static final String PREFIX = "checkpoint-";
    private static final String UNFINISHED = "unfinished-checkpoint";
    private static final String POSITION = "position.json";
    private static final String STATE = "state.safetensors";
    private static final String BEST = "best.safetensors";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * All of a training.
     *
     * @param state of the network
     * @param best that after the best epoch; none before the first is done
     */
    record Checkpoint(Position position, TrainingState state, Optional<TrainingState> best) {}

    /** What is written of a checkpoint besides tensors. */
    private record Written(Position position, long steps, long bestSteps) {}

    void save(Checkpoint checkpoint) throws IOException {
        Path unfinished = folder.resolve(UNFINISHED);
        FileUtils.deleteDirectory(unfinished.toFile());
        Files.createDirectories(unfinished);
        SafetensorsWriter.write(unfinished.resolve(STATE), checkpoint.state.tensors());
        if (checkpoint.best.isPresent()) {
            SafetensorsWriter.write(unfinished.resolve(BEST), checkpoint.best.get().tensors());
        }
        JSON.writeValue(
                unfinished.resolve(POSITION).toFile(),
                new Written(
                        checkpoint.position,
                        checkpoint.state.steps(),
                        checkpoint.best.map(TrainingState::steps).orElse(0L)));

        List<Path> before = saved();
        long number = before.isEmpty() ? 0 : numberOf(before.get(before.size() - 1)) + 1;
        Files.move(unfinished, folder.resolve(PREFIX + number), StandardCopyOption.ATOMIC_MOVE);
        for (Path old : before) {
            FileUtils.deleteDirectory(old.toFile());
        }
    }

    /**
     * The last one.
     *
     * @throws InvalidInputException if it cannot be read
     */
    Optional<Checkpoint> last() throws IOException {
        List<Path> saved = saved();
        if (saved.isEmpty()) {
            return Optional.empty();
        }
        Path last = saved.get(saved.size() - 1);
        Path file = last.resolve(POSITION);
        Written written;
        try {
            written = JSON.readValue(file.toFile(), Written.class);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s is damaged: begin again with --overwrite".formatted(file), e);
        }
        Optional<TrainingState> best =
                Files.exists(last.resolve(BEST))
                        ? Optional.of(state(last.resolve(BEST), written.bestSteps))
                        : Optional.empty();
        return Optional.of(
                new Checkpoint(written.position, state(last.resolve(STATE), written.steps), best));
    }

    private static TrainingState state(Path file, long steps) {
        Safetensors stored = Safetensors.open(file);
        Map<String, Tensor> tensors = new HashMap<>();
        stored.names().forEach(name -> tensors.put(name, stored.tensor(name)));
        return new TrainingState(steps, tensors);
    }

    /** In the order in which they were made; more than one only if the process died meanwhile. */
    private List<Path> saved() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .sorted(Comparator.comparingLong(Checkpoints::numberOf))
                    .toList();
        }
    }

    private static long numberOf(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }
}
