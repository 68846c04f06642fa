/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The signals of an EDF or BDF file that have the same rate and are read.
 *
 * @param streamId the stream that they become
 * @param rate the sample rate
 * @param signals in the order of the channels
 * @param channels their names
 */
record EdfStream(String streamId, SampleRate rate, List<EdfSignal> signals, List<String> channels) {

    /** Digits that tell any two rates of one file apart, as samples of a record have eight. */
    private static final MathContext TEN_DIGITS = new MathContext(10);

    /**
     * The streams of a file, the fastest first; each is named after its rate unless it is the only
     * one in the file, whether or not all are read.
     */
    static List<EdfStream> of(
            BinaryFile file, EdfHeader header, String name, RecordingOptions options) {
        TreeMap<Integer, List<EdfSignal>> byLength = new TreeMap<>();
        for (EdfSignal signal : header.signals()) {
            if (!signal.annotations() && signal.length() > 0) {
                byLength.computeIfAbsent(signal.length(), key -> new ArrayList<>()).add(signal);
            }
        }
        options.requireChannels(
                file, channels(byLength.values().stream().flatMap(List::stream).toList()));
        List<EdfStream> streams = new ArrayList<>();
        byLength.descendingMap()
                .forEach(
                        (length, signals) -> {
                            SampleRate rate = header.rate(length);
                            String id = byLength.size() == 1 ? name : name + '/' + suffix(rate);
                            List<EdfSignal> read = new ArrayList<>();
                            for (int i : options.selection(channels(signals))) {
                                read.add(signals.get(i).requireScale(file));
                            }
                            if (!read.isEmpty()) {
                                streams.add(new EdfStream(id, rate, read, channels(read)));
                            }
                        });
        return streams;
    }

    private static List<String> channels(List<EdfSignal> signals) {
        return signals.stream().map(EdfSignal::channel).toList();
    }

    private static String suffix(SampleRate rate) {
        return new BigDecimal(rate.numerator())
                        .divide(new BigDecimal(rate.denominator()), TEN_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString()
                + "Hz";
    }

    /** Samples of a channel in a data record. */
    int recordLength() {
        return signals.get(0).length();
    }

    StreamDescription description() {
        return new StreamDescription(
                streamId, channels, signals.stream().map(EdfSignal::unit).toList(), rate);
    }
}
