/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.training.Split.Part;
import io.thalamus.jobs.training.Split.Rows;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The examples of one part of the data, in the order of the streams and of time. They are cut when
 * they are asked for.
 */
final class Examples {
    /** The draw of what is always to be measured with the same examples. */
    private static final int FIXED = 0;

    private final ExampleMaker maker;
    private final List<SignalFrame> stretches = new ArrayList<>();

    /** Of each example, the number of its stretch and where its window begins there. */
    private final int[] stretchOf;

    private final int[] firsts;
    private final long leftOut;

    private Examples(
            ExampleMaker maker,
            List<SignalFrame> stretches,
            int[] stretchOf,
            int[] firsts,
            long leftOut) {
        this.maker = maker;
        this.stretches.addAll(stretches);
        this.stretchOf = stretchOf;
        this.firsts = firsts;
        this.leftOut = leftOut;
    }

    /**
     * What windows there are.
     *
     * @param length samples of a window
     * @param horizon samples behind it that are asked for; 0 if the window itself is
     * @param hop samples from window to window
     */
    record Grid(int length, int horizon, int hop) {

        /**
         * Where in a stretch windows may begin. What is asked for lies in the part; a forecast of
         * what is not learned from may be made from samples before it.
         */
        private IntStream firsts(Stretch stretch, Part part, Rows rows) {
            boolean reachesBack = horizon > 0 && part != Part.TRAINING;
            long earliest = rows.first() - (reachesBack ? length : 0);
            long first = Math.max(0, earliest - stretch.firstRow());
            long end = Math.min(stretch.endRow(), rows.end()) - stretch.firstRow();
            int last = (int) Math.min(Integer.MAX_VALUE, end - length - horizon);
            return first > last
                    ? IntStream.empty()
                    : IntStream.iterate((int) first, at -> at <= last, at -> at + hop);
        }
    }

    /**
     * Finds the examples of a part.
     *
     * @param streams standardised
     */
    static Examples of(
            Part part,
            Map<String, List<Stretch>> streams,
            Split split,
            Grid grid,
            ExampleMaker maker) {
        List<SignalFrame> stretches = new ArrayList<>();
        IntStream.Builder stretchOf = IntStream.builder();
        IntStream.Builder firsts = IntStream.builder();
        long[] leftOut = new long[1];
        streams.forEach(
                (stream, all) -> {
                    Rows rows = split.of(part, stream, TrainingData.rows(all));
                    for (Stretch stretch : all) {
                        int number = stretches.size();
                        stretches.add(stretch.samples());
                        grid.firsts(stretch, part, rows)
                                .forEach(
                                        first -> {
                                            if (maker.at(stretch.samples(), first, FIXED)
                                                    .isPresent()) {
                                                stretchOf.add(number);
                                                firsts.add(first);
                                            } else {
                                                leftOut[0]++;
                                            }
                                        });
                    }
                });
        return new Examples(
                maker,
                stretches,
                stretchOf.build().toArray(),
                firsts.build().toArray(),
                leftOut[0]);
    }

    int size() {
        return firsts.length;
    }

    /** Windows that lie in the part but make no example. */
    long leftOut() {
        return leftOut;
    }

    /** The example of this number, the same each time it is asked for. */
    TrainingExample get(int index) {
        return get(index, FIXED);
    }

    private TrainingExample get(int index, int draw) {
        return maker.at(stretches.get(stretchOf[index]), firsts[index], draw).orElseThrow();
    }

    /** The examples of these numbers, with what is left to chance as it is in this draw. */
    List<TrainingExample> get(int[] order, int from, int to, int draw) {
        return IntStream.range(from, to).mapToObj(i -> get(order[i], draw)).toList();
    }

    /**
     * All examples in their order, so many at a time, as they are each time.
     *
     * @param stop asked before each batch: whether to end by a {@link StoppedException}
     */
    Iterable<List<TrainingExample>> batches(int size, BooleanSupplier stop) {
        int[] order = IntStream.range(0, size()).toArray();
        return () ->
                IntStream.iterate(0, from -> from < order.length, from -> from + size)
                        .peek(from -> StoppedException.throwIf(stop))
                        .mapToObj(
                                from ->
                                        get(
                                                order,
                                                from,
                                                Math.min(order.length, from + size),
                                                FIXED))
                        .iterator();
    }
}
