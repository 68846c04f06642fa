/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.testcontainers.DockerClientFactory;

/**
 * A test that starts containers: run with {@code -Pe2e}, and skipped where there is no Docker. Each
 * has a cluster of its own, and waits for it most of the time, so it runs beside others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(ContainerTest.NeedsDocker.class)
@interface ContainerTest {

    /** Whether a Docker daemon answers. */
    final class NeedsDocker implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return DockerClientFactory.instance().isDockerAvailable()
                    ? ConditionEvaluationResult.enabled("Docker answers")
                    : ConditionEvaluationResult.disabled(
                            "No Docker daemon answers, so nothing was tested in containers:"
                                    + " install docker.io and start dockerd, or set DOCKER_HOST.");
        }
    }
}
