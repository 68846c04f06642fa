/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Keeps a stream's forecasts, with the samples that they were made from, until all values of their
 * horizon have come in later windows, and then hands them on with these, no sooner, so that nothing
 * is known of a forecast before it is due. All of it lies in the memory of the stream's {@link
 * FastWeights}.
 *
 * <p>What is pending is dropped where a segment ends, and where samples are missing between one
 * window and the next, as after a window that was skipped. A forecast for which there is no room is
 * not kept: those that are kept are nearer to their end, and one that made way for each newer one
 * would never come to it.
 *
 * @param length samples of a window
 * @param horizon samples of a forecast
 * @param values that are kept of a forecast
 * @param every the windows from one whose forecast is kept to the next
 * @param budget the most bytes that a stream may take for it in a checkpoint
 */
public record PendingForecasts(int length, int horizon, int values, int every, int budget) {
    private static final String PREFIX = FastWeights.PENDING;
    private static final String PLACE = PREFIX + "place";
    private static final String SAMPLES = PREFIX + "samples";

    /** Followed by the sequence number of the forecast's window. */
    private static final String FORECAST = PREFIX + "forecast.";

    /** What an array takes beside its values and its name: the lengths of both. */
    private static final int ARRAY = 2 * Integer.BYTES;

    private static final int LONGEST_NUMBER = Long.toString(Long.MIN_VALUE).length();

    /**
     * A forecast whose horizon has come.
     *
     * @param window that it was made from
     * @param kept what was kept of it
     * @param truth what came instead
     */
    public record Matured(SignalFrame window, float[] kept, float[] truth) {}

    /**
     * What follows from a window.
     *
     * @param memory of the stream after it
     * @param matured forecasts whose last values the window brought, oldest first
     * @param share of a horizon that is new in each of them
     */
    public record Taken(Map<String, float[]> memory, List<Matured> matured, double share) {}

    /**
     * What a stream has pending.
     *
     * @param segment of the stream
     * @param windows of the segment, so far
     * @param first the number of the first sample that is kept
     * @param end the number after the last
     * @param samples {@code channels x (end - first)}
     * @param forecasts by the number of the first sample of the window that they are made from: the
     *     window's time, then the values
     */
    private record Held(
            int segment,
            long windows,
            long first,
            long end,
            float[] samples,
            TreeMap<Long, float[]> forecasts) {

        static Held none(SignalFrame next) {
            long at = next.sequence();
            return new Held(next.segment(), 0, at, at, new float[0], new TreeMap<>());
        }

        static Held of(Map<String, float[]> memory, SignalFrame next, int values) {
            float[] place = memory.get(PLACE);
            if (place == null || !isFollowedBy(place, next)) {
                return none(next);
            }
            TreeMap<Long, float[]> forecasts = new TreeMap<>();
            memory.forEach(
                    (name, kept) -> {
                        // Forecasts of a release that kept something else teach nothing.
                        if (name.startsWith(FORECAST) && kept.length == values) {
                            forecasts.put(Long.parseLong(name.substring(FORECAST.length())), kept);
                        }
                    });
            return new Held(
                    (int) ExactLongs.read(place, 0),
                    ExactLongs.read(place, ExactLongs.FLOATS),
                    ExactLongs.read(place, 2 * ExactLongs.FLOATS),
                    endOf(place),
                    memory.get(SAMPLES),
                    forecasts);
        }

        /** These samples and those that a window adds. */
        Held with(SignalFrame window) {
            int channels = window.channels().size();
            int had = (int) (end - first);
            int news = (int) (window.nextSequence() - end);
            float[] all = new float[channels * (had + news)];
            for (int channel = 0; channel < channels; channel++) {
                int to = channel * (had + news);
                System.arraycopy(samples, channel * had, all, to, had);
                System.arraycopy(
                        window.samples(),
                        (channel + 1) * window.length() - news,
                        all,
                        to + had,
                        news);
            }
            return new Held(segment, windows + 1, first, window.nextSequence(), all, forecasts);
        }

        /** Without the samples that neither a pending forecast needs nor the next window has. */
        Held trimmed(int length, int channels) {
            long from = Math.max(first, end - length);
            if (!forecasts.isEmpty()) {
                from = Math.min(from, forecasts.firstKey());
            }
            return new Held(
                    segment,
                    windows,
                    from,
                    end,
                    cut(from, (int) (end - from), channels),
                    forecasts);
        }

        float[] cut(long from, int count, int channels) {
            int had = (int) (end - first);
            float[] part = new float[channels * count];
            for (int channel = 0; channel < channels; channel++) {
                System.arraycopy(
                        samples,
                        channel * had + (int) (from - first),
                        part,
                        channel * count,
                        count);
            }
            return part;
        }

        void putInto(Map<String, float[]> memory) {
            float[] place = new float[4 * ExactLongs.FLOATS];
            ExactLongs.write(segment, place, 0);
            ExactLongs.write(windows, place, ExactLongs.FLOATS);
            ExactLongs.write(first, place, 2 * ExactLongs.FLOATS);
            ExactLongs.write(end, place, 3 * ExactLongs.FLOATS);
            memory.put(PLACE, place);
            memory.put(SAMPLES, samples);
            forecasts.forEach((sequence, values) -> memory.put(FORECAST + sequence, values));
        }
    }

    /**
     * How many samples a window brings beyond those that a stream's windows have brought; empty if
     * it does not go on from them.
     */
    public static OptionalLong news(Map<String, float[]> memory, SignalFrame window) {
        float[] place = memory.get(PLACE);
        return place == null || !isFollowedBy(place, window)
                ? OptionalLong.empty()
                : OptionalLong.of(window.nextSequence() - endOf(place));
    }

    private static boolean isFollowedBy(float[] place, SignalFrame next) {
        return next.segment() == ExactLongs.read(place, 0)
                && next.sequence() >= ExactLongs.read(place, 2 * ExactLongs.FLOATS)
                && next.sequence() <= endOf(place)
                && next.nextSequence() >= endOf(place);
    }

    private static long endOf(float[] place) {
        return ExactLongs.read(place, 3 * ExactLongs.FLOATS);
    }

    /**
     * Takes a stream's next window and what is to be kept of the forecast from it.
     *
     * @param memory of the stream; what else is in it is kept
     */
    public Taken take(Map<String, float[]> memory, SignalFrame window, float[] keep) {
        int channels = window.channels().size();
        Held before = Held.of(memory, window, ExactLongs.FLOATS + values);
        Held held = before.with(window);
        List<Matured> matured = new ArrayList<>();
        while (!held.forecasts().isEmpty()
                && held.forecasts().firstKey() + length + horizon <= held.end()) {
            Map.Entry<Long, float[]> oldest = held.forecasts().pollFirstEntry();
            matured.add(matured(held, oldest.getKey(), oldest.getValue(), window));
        }
        if ((held.windows() - 1) % every == 0 && held.forecasts().size() < most(channels)) {
            held.forecasts().put(window.sequence(), kept(window, keep));
        }
        Map<String, float[]> after = new HashMap<>(memory);
        after.keySet().removeIf(name -> name.startsWith(PREFIX));
        held.trimmed(length, channels).putInto(after);
        double news = held.end() - before.end();
        return new Taken(after, matured, Math.min(1, news * every / horizon));
    }

    private static float[] kept(SignalFrame window, float[] values) {
        float[] kept = new float[ExactLongs.FLOATS + values.length];
        ExactLongs.write(window.startNanos(), kept, 0);
        System.arraycopy(values, 0, kept, ExactLongs.FLOATS, values.length);
        return kept;
    }

    private Matured matured(Held held, long sequence, float[] kept, SignalFrame now) {
        int channels = now.channels().size();
        float[] values = Arrays.copyOfRange(kept, ExactLongs.FLOATS, kept.length);
        SignalFrame window =
                new SignalFrame(
                        now.streamId(),
                        sequence,
                        now.segment(),
                        ExactLongs.read(kept, 0),
                        now.rate(),
                        now.channels(),
                        held.cut(sequence, length, channels),
                        0);
        return new Matured(window, values, held.cut(sequence + length, horizon, channels));
    }

    /** How many forecasts of so many channels may be pending at once. */
    public int most(int channels) {
        long rest = (long) budget - bytes(PLACE.length(), 4L * ExactLongs.FLOATS);
        rest -= bytes(SAMPLES.length(), (long) channels * (length + horizon));
        return (int) Math.max(0, rest / forecast());
    }

    /** The least budget, in bytes, with which a forecast of so many channels can be kept. */
    public long least(int channels) {
        return bytes(PLACE.length(), 4L * ExactLongs.FLOATS)
                + bytes(SAMPLES.length(), (long) channels * (length + horizon))
                + forecast();
    }

    private long forecast() {
        return bytes(FORECAST.length() + LONGEST_NUMBER, ExactLongs.FLOATS + (long) values);
    }

    private static long bytes(int name, long values) {
        return ARRAY + name + values * Float.BYTES;
    }
}
