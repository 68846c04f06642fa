/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording of several who speak at once, of which is known what each of them said.
 *
 * @param name of the stream
 * @param folder with {@code mix.wav}, and {@code source1.wav}, {@code source2.wav} ...
 */
record Mixture(String name, Path folder) {
    static final String FILE = "mix.wav";

    MonoRecording sum() throws IOException {
        return MonoRecording.read(folder.resolve(FILE));
    }

    /** What each speaker said, as long as the mixture; one at least. */
    List<MonoRecording> sources(MonoRecording sum) throws IOException {
        List<MonoRecording> sources = new ArrayList<>();
        do {
            MonoRecording source = MonoRecording.read(source(sources.size() + 1));
            sum.requireLike(source);
            sources.add(source);
        } while (Files.exists(source(sources.size() + 1)));
        return sources;
    }

    private Path source(int number) {
        return folder.resolve("source%d.wav".formatted(number));
    }
}
