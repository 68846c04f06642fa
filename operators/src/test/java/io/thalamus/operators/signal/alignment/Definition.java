/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to be joined of whole segments, point for point as it is defined.
 *
 * @param segments for each member, its segments
 */
record Definition(Alignment alignment, List<List<SignalFrame>> segments) {

    private record Value(SignalFrame segment, float[] values) {}

    List<String> samples() {
        List<TreeMap<Long, Value>> members = segments.stream().map(this::points).toList();
        long begin = Long.MIN_VALUE;
        long end = Long.MIN_VALUE;
        for (int i = 0; i < members.size(); i++) {
            long first = segments.get(i).get(0).startNanos();
            begin = Math.max(begin, alignment.rate().samplesBefore(first));
            end = members.get(i).isEmpty() ? end : Math.max(end, members.get(i).lastKey());
        }
        List<String> samples = new ArrayList<>();
        int segment = -1;
        boolean open = false;
        Long origin = null;
        List<String> channels = List.of();
        Value[] before = new Value[members.size()];
        for (int i = 0; i < before.length; i++) {
            var earlier = members.get(i).lowerEntry(begin);
            SignalFrame first = segments.get(i).get(0);
            before[i] = earlier == null ? new Value(first, null) : earlier.getValue();
        }
        for (long point = begin; point <= end; point++) {
            int there = 0;
            boolean begins = false;
            for (int i = 0; i < before.length; i++) {
                Value value = members.get(i).get(point);
                if (value != null) {
                    there++;
                    begins |= value.segment() != before[i].segment();
                    before[i] = value;
                }
            }
            boolean joins =
                    there == before.length || there > 0 && alignment.missing() == Missing.MARK;
            open &= joins && !begins;
            if (!joins) {
                continue;
            }
            origin = origin == null ? Long.valueOf(point) : origin;
            if (!open) {
                open = true;
                segment++;
                channels = channels(before);
            }
            List<Integer> bits = new ArrayList<>();
            for (int i = 0; i < before.length; i++) {
                Value value = members.get(i).get(point);
                float[] values = new float[before[i].segment().channels().size()];
                Arrays.fill(values, Float.NaN);
                for (float each : value == null ? values : value.values()) {
                    bits.add(Float.floatToIntBits(each));
                }
            }
            samples.add(
                    "g %d in %d at %d: %s %s"
                            .formatted(
                                    point - origin,
                                    segment,
                                    alignment.rate().nanosOf(point),
                                    channels,
                                    bits));
        }
        return samples;
    }

    private List<String> channels(Value[] members) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            for (String channel : members[i].segment().channels()) {
                names.add("m" + i + "." + channel);
            }
        }
        return names;
    }

    /** Each segment at once. */
    private TreeMap<Long, Value> points(List<SignalFrame> own) {
        Map<SampleRate, PointReader> readers = new HashMap<>();
        TreeMap<Long, Value> all = new TreeMap<>();
        for (SignalFrame segment : own) {
            PointReader reader =
                    readers.computeIfAbsent(
                            segment.rate(), rate -> new PointReader(rate, alignment.rate()));
            Run run = reader.finish(reader.before(segment, 0).and(segment));
            int width = segment.channels().size();
            for (long point = run.firstPoint(); point < run.nextPoint(); point++) {
                Points points = run.pieceAt(point);
                int n = (int) (point - points.first());
                float[] values = Arrays.copyOfRange(points.values(), n * width, (n + 1) * width);
                all.put(point, new Value(segment, values));
            }
        }
        return all;
    }
}
