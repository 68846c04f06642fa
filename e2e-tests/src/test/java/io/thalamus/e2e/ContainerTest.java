/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.testcontainers.DockerClientFactory;

/**
 * A test that starts containers: run with {@code -Pe2e}, and skipped where there is no Docker. Each
 * class has a cluster of its own, and waits for it most of the time, so it runs beside others
 * unless it is isolated; its methods have the cluster one after the other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(providers = ContainerTest.OwnCluster.class)
@ExtendWith(ContainerTest.NeedsDocker.class)
@interface ContainerTest {

    /**
     * A lock of the class alone. How a class is executed goes for its methods too, and two faults
     * at once on one cluster are none of those that are tested; what is locked has its methods in
     * one thread.
     */
    final class OwnCluster implements ResourceLocksProvider {
        @Override
        public Set<Lock> provideForClass(Class<?> testClass) {
            return Set.of(new Lock(testClass.getName()));
        }
    }

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
