/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The page that answers for each dependency, against the build. */
class DependenciesPageTest {
    private static final Path PAGE = Path.of("../docs/dependencies.md");
    private static final Path POM = Path.of("../pom.xml");
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `(\\S+)` \\| (\\S+) \\| (\\S+) \\| (.*?) ?\\|$", Pattern.MULTILINE);
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    @Test
    void namesWhatTheBuildNames() throws Exception {
        Set<String> listed = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            listed.add(row.group(1) + ":" + row.group(2));
            if (!row.group(2).equals(row.group(3))) {
                assertThat(row.group(4)).as("why %s is old", row.group(1)).isNotBlank();
            }
        }
        assertThat(listed).isEqualTo(managed());
    }

    private static Set<String> managed() throws Exception {
        Document pom =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());
        Map<String, String> properties = new TreeMap<>();
        for (Node node = pom.getElementsByTagName("properties").item(0).getFirstChild();
                node != null;
                node = node.getNextSibling()) {
            properties.put(node.getNodeName(), node.getTextContent());
        }
        Set<String> managed = new TreeSet<>();
        NodeList dependencies =
                ((Element) pom.getElementsByTagName("dependencyManagement").item(0))
                        .getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            if (!text(dependency, "groupId").equals("io.thalamus")) {
                String version =
                        PROPERTY.matcher(text(dependency, "version"))
                                .replaceAll(name -> properties.get(name.group(1)));
                managed.add(
                        "%s:%s:%s"
                                .formatted(
                                        text(dependency, "groupId"),
                                        text(dependency, "artifactId"),
                                        version));
            }
        }
        return managed;
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }
}
