/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {

    @ParameterizedTest
    @CsvSource({
        "iso, UTC, 2016-07-01T01:02:03Z, 2016-07-01T01:02:03Z",
        "iso, UTC, 2016-07-01 01:02:03, 2016-07-01T01:02:03Z",
        "iso, UTC, 2016-07-01 01:02, 2016-07-01T01:02:00Z",
        "iso, UTC, 2016-07-01, 2016-07-01T00:00:00Z",
        "iso, Asia/Shanghai, 2016-07-01T08:00:00.000000001, 2016-07-01T00:00:00.000000001Z",
        "iso, Asia/Shanghai, 2016-07-01T08:00:00+02:00, 2016-07-01T06:00:00Z",
        "iso, UTC, 2016-07-01T08:00:00+0200, 2016-07-01T06:00:00Z",
        "iso, Europe/Berlin, 2016-07-01, 2016-06-30T22:00:00Z",
        "iso, UTC, 2016-07-01T08:00:00+02, 2016-07-01T06:00:00Z",
        "epoch-seconds, Asia/Shanghai, 1467331200, 2016-07-01T00:00:00Z",
        "epoch-seconds, UTC, 1467331200.000000001, 2016-07-01T00:00:00.000000001Z",
        "epoch-seconds, UTC, -0.5, 1969-12-31T23:59:59.500Z",
        "epoch-seconds, UTC, 1.4673312e9, 2016-07-01T00:00:00Z",
        "epoch-millis, UTC, 1467331200000.25, 2016-07-01T00:00:00.000250Z",
        "epoch-micros, UTC, 1467331200000000.5, 2016-07-01T00:00:00.0000005Z",
        "epoch-nanos, UTC, 1467331200000000001, 2016-07-01T00:00:00.000000001Z",
        "yyyy-MM-dd HH:mm:ss, UTC, 2016-07-01 23:00:00, 2016-07-01T23:00:00Z",
        "uuuu-MM-dd HH, UTC, 2016-07-01 23, 2016-07-01T23:00:00Z",
        "dd.MM.yyyy, Europe/Berlin, 01.07.2016, 2016-06-30T22:00:00Z",
        "dd/MM/yy hh:mm a, UTC, 01/07/16 01:30 PM, 2016-07-01T13:30:00Z",
        "yyyy-MM-dd'T'HH:mm:ssXXX, Asia/Shanghai, 2016-07-01T00:00:00+02:00, 2016-06-30T22:00:00Z",
    })
    void reads(String pattern, String zone, String text, Instant expected) {
        long nanos = new TimeFormat(pattern, ZoneId.of(zone)).parser().applyAsLong(text);

        assertThat(Instant.ofEpochSecond(0, nanos)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "iso, 2016-02-30",
        "iso, 2016-07-01T",
        "iso, 2016-07-01T08:00:00ZZ",
        "iso, 1467331200",
        "iso, ''",
        "iso, 2262-07-01",
        "iso, 1677-01-01",
        "epoch-seconds, ''",
        "epoch-seconds, 1e999999999",
        "epoch-seconds, 1e-999999999",
        "epoch-seconds, 1e10",
        "epoch-millis, NaN",
        "yyyy-MM-dd, 2016-02-30",
        "yyyy-MM-dd, 2016-02-03x",
        "HH:mm, 12:30",
    })
    void refuses(String pattern, String text) {
        var parser = new TimeFormat(pattern, ZoneId.of("UTC")).parser();
        assertThatThrownBy(() -> parser.applyAsLong(text)).isInstanceOf(DateTimeException.class);
    }
}
