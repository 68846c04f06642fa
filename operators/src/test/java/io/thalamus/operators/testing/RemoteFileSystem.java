/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** Local files under another scheme, so that they have to be staged: {@code remote:///tmp/x}. */
public final class RemoteFileSystem extends LocalFileSystem {
    public static final String SCHEME = "remote";

    /** Found by Flink's service loader. */
    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileSystem create(URI location) {
            return new RemoteFileSystem();
        }
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }
}
