/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class ThalamusCommandTest {
    @Test
    void theSentenceAboutBadInputIsFoundBelowAnyError() {
        InvalidInputException invalid = new InvalidInputException("a file is damaged");

        assertThat(ThalamusCommand.sentence(new Exception("failed", invalid)))
                .isEqualTo("a file is damaged");
        assertThat(
                        ThalamusCommand.sentence(
                                new IOException(
                                        new SerializedThrowable(new Exception("failed", invalid)))))
                .isEqualTo("a file is damaged");
        assertThat(ThalamusCommand.sentence(new Exception("failed", new IOException("gone"))))
                .isEqualTo("IOException: gone (--verbose shows where)");
    }
}
