package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lifelog.gateway.Gateway;
import org.lifelog.gateway.GatewaySettings;
import org.lifelog.portal.Portal;
import org.lifelog.portal.PortalSettings;
import org.lifelog.runtime.ManagementSettings;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.Settings;
import org.lifelog.sink.Sink;
import org.lifelog.sink.SinkSettings;
import org.lifelog.streams.Streams;
import org.lifelog.streams.StreamsSettings;

/** What the manifests of {@code k8s/} say about the services is true of the services. */
class KustomizeTest {
    private static final Path ROOT = Path.of("../k8s").toAbsolutePath().normalize();
    private static final Path BASE = ROOT.resolve("base");
    private static final String KUSTOMIZATION = "kustomization.yaml";
    private static final String PREFIX = "LIFELOG_";
    private static final String HEAP_FLAG = "-XX:MaxRAMPercentage=";
    /** What a JVM takes beside its heap and RocksDB: classes, threads, code, Netty's buffers; in MiB. */
    private static final long BESIDE_HEAP_MIB = 256;

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Map<String, List<Setting<?>>> SETTINGS = Map.of(
            Gateway.class.getName(), GatewaySettings.ALL,
            Streams.class.getName(), StreamsSettings.ALL,
            Sink.class.getName(), SinkSettings.ALL,
            Portal.class.getName(), PortalSettings.ALL);

    /** A Deployment, StatefulSet or Job, which all have one container. */
    private record Workload(String kind, String name, JsonNode pod) {
        JsonNode container() {
            return pod.path("containers").path(0);
        }

        String mainClass() {
            return container().path("args").path(0).asText();
        }

        @Override
        public String toString() {
            return kind + " " + name;
        }
    }

    static List<Workload> workloads() {
        return manifests(BASE)
                .filter(manifest -> manifest.at("/spec/template/spec").isObject())
                .map(manifest -> new Workload(
                        manifest.path("kind").asText(),
                        manifest.at("/metadata/name").asText(),
                        manifest.at("/spec/template/spec")))
                .toList();
    }

    static List<Workload> services() {
        return workloads().stream()
                .filter(workload -> !workload.kind().equals("Job"))
                .toList();
    }

    @Test
    void everyServiceHasItsWorkload() {
        assertThat(services()).extracting(Workload::mainClass).containsExactlyInAnyOrderElementsOf(SETTINGS.keySet());
    }

    @Test
    void kustomizationsListEveryFileOnce() {
        Set<Path> listed = new HashSet<>();
        for (Path folder : kustomizations()) {
            for (JsonNode resource : kustomization(folder).path("resources")) {
                Path path = folder.resolve(resource.asText()).normalize();
                assertThat(Files.isDirectory(path) ? path.resolve(KUSTOMIZATION) : path)
                        .as("resource of %s", folder)
                        .isRegularFile();
                assertThat(Files.isDirectory(path) || listed.add(path))
                        .as("%s is listed once", path)
                        .isTrue();
            }
            elements(kustomization(folder).path("configMapGenerator"))
                    .flatMap(generator -> elements(generator.path("files")))
                    .map(file -> file.asText().replaceFirst("^[^=]*=", ""))
                    .forEach(file -> {
                        assertThat(folder.resolve(file)).isRegularFile();
                        listed.add(folder.resolve(file));
                    });
        }
        assertThat(Stream.concat(files(".yaml"), files(".json")).filter(file -> !file.endsWith(KUSTOMIZATION)))
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void overlaysChangeWhatTheBaseHas() {
        Set<String> names = workloads().stream().map(Workload::name).collect(Collectors.toSet());
        for (Path folder : kustomizations()) {
            assertThat(kustomization(folder).path("replicas"))
                    .allSatisfy(replicas ->
                            assertThat(names).contains(replicas.path("name").asText()));
            assertThat(configuration(BASE).keySet())
                    .containsAll(configuration(folder).keySet());
        }
    }

    @Test
    void secretsHoldNoData() {
        assertThat(manifests(ROOT)
                        .filter(document -> document.path("kind").asText().equals("Secret")))
                .allSatisfy(secret -> assertThat(secret.has("data") || secret.has("stringData"))
                        .isFalse());
        assertThat(kustomizations().stream().map(KustomizeTest::kustomization))
                .allSatisfy(kustomization -> assertThat(kustomization.path("secretGenerator"))
                        .allSatisfy(secret -> assertThat(secret.has("literals")).isFalse()));
    }

    @Test
    void servicesReachPortsOfTheirWorkload() {
        Map<String, Workload> byName = workloads().stream().collect(Collectors.toMap(Workload::name, w -> w));
        assertThat(manifests(BASE)
                        .filter(manifest -> manifest.path("kind").asText().equals("Service")))
                .isNotEmpty()
                .allSatisfy(service -> {
                    Workload workload = byName.get(service.at("/spec/selector")
                            .path("app.kubernetes.io/name")
                            .asText());
                    assertThat(workload).isNotNull();
                    for (JsonNode port : service.at("/spec/ports")) {
                        assertThat(port(workload, port.path("targetPort").asText()))
                                .hasValue(port.path("port").asInt());
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void mainClassExists(Workload workload) {
        assertThatCode(() -> Class.forName(workload.mainClass()).getMethod("main", String[].class))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("services")
    void settingsAreThoseOfTheService(Workload workload) {
        List<Setting<?>> known = new ArrayList<>(SETTINGS.get(workload.mainClass()));
        known.addAll(List.of(ManagementSettings.HOST, ManagementSettings.PORT, Service.EXIT_WITH_PARENT));
        List<String> variables = known.stream().map(Setting::variable).toList();
        for (Path folder : kustomizations()) {
            Map<String, String> environment = environment(workload, folder);
            assertThat(variables)
                    .containsAll(environment.keySet().stream()
                            .filter(variable -> variable.startsWith(PREFIX))
                            .toList());
            assertThatCode(() -> Settings.load(known, List.of(), environment)).doesNotThrowAnyException();
            // As process 1 it has no parent.
            assertThat(environment).doesNotContainKey(Service.EXIT_WITH_PARENT.variable());
        }
    }

    @Test
    void tlsOfTheGatewayIsSetAsTheGatewayKnowsIt() throws IOException {
        JsonNode patches = kustomization(ROOT.resolve("components/gateway-tls")).path("patches");
        JsonNode container = YAML.readTree(patches.path(0).path("patch").asText())
                .at("/spec/template/spec/containers")
                .path(0);
        Map<String, String> environment = new HashMap<>(environment(gateway(), BASE));
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        Settings settings = Settings.load(
                Stream.concat(GatewaySettings.ALL.stream(), Stream.of(ManagementSettings.HOST, ManagementSettings.PORT))
                        .toList(),
                List.of(),
                environment);
        assertThat(settings.get(setting("gateway.plain"))).isEqualTo(false);
        Map<String, Integer> ports = new HashMap<>();
        container
                .path("ports")
                .forEach(port -> ports.put(
                        port.path("name").asText(), port.path("containerPort").asInt()));
        assertThat(ports)
                .isEqualTo(Map.of(
                        "https", settings.get(setting("gateway.https.port")),
                        "mqtts", settings.get(setting("gateway.mqtts.port"))));
        JsonNode service =
                YAML.readTree(patches.path(1).path("patch").asText()).path(0).path("value");
        assertThat(service)
                .allSatisfy(port -> assertThat(ports.get(port.path("targetPort").asText()))
                        .isEqualTo(port.path("port").asInt()));
    }

    @Test
    void keysForResearchAreMountedWhereStreamsLookForThem() throws IOException {
        JsonNode patch = YAML.readTree(kustomization(ROOT.resolve("components/research"))
                .at("/patches/0/patch")
                .asText());
        assertThat(workloads())
                .extracting(Workload::toString)
                .contains(patch.path("kind").asText() + " "
                        + patch.at("/metadata/name").asText());
        JsonNode pod = patch.at("/spec/template/spec");
        JsonNode container = pod.path("containers").path(0);
        assertThat(StreamsSettings.ALL)
                .extracting(Setting::variable)
                .contains(container.at("/env/0/name").asText());
        JsonNode mount = container.at("/volumeMounts/0");
        assertThat(mount.path("mountPath")).isEqualTo(container.at("/env/0/value"));
        assertThat(mount.path("readOnly").asBoolean()).isTrue();
        assertThat(pod.at("/volumes/0/name")).isEqualTo(mount.path("name"));
        assertThat(pod.at("/volumes/0/secret/defaultMode").asText())
                .as("nobody else's")
                .matches("288|0?440");
    }

    private static Workload gateway() {
        return services().stream()
                .filter(workload -> workload.name().equals("gateway"))
                .findFirst()
                .orElseThrow();
    }

    private static Setting<?> setting(String name) {
        return GatewaySettings.ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("services")
    void probesAskTheManagementPort(Workload workload) {
        Map<String, String> environment = environment(workload, BASE);
        int port = Integer.parseInt(environment.get(ManagementSettings.PORT.variable()));
        assertThat(environment).containsEntry(ManagementSettings.HOST.variable(), "0.0.0.0");
        Map.of("livenessProbe", "/health/live", "readinessProbe", "/health/ready")
                .forEach((probe, path) -> {
                    JsonNode get = workload.container().path(probe).path("httpGet");
                    assertThat(get.path("path").asText()).isEqualTo(path);
                    assertThat(port(workload, get.path("port").asText())).hasValue(port);
                });
        JsonNode scraped = manifests(BASE)
                .filter(manifest -> manifest.at("/spec/template/spec").equals(workload.pod()))
                .findFirst()
                .orElseThrow()
                .at("/spec/template/metadata/annotations");
        assertThat(scraped.path("prometheus.io/port").asInt()).isEqualTo(port);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void nothingRunsAsRoot(Workload workload) {
        JsonNode pod = workload.pod().path("securityContext");
        assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.path("runAsUser").asInt()).isPositive();
        JsonNode container = workload.container().path("securityContext");
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.has("runAsUser") || container.has("privileged")).isFalse();
        assertThat(workload.pod().has("initContainers")).isFalse();
        assertThat(workload.pod().path("containers")).hasSize(1);
        assertThat(workload.container().path("volumeMounts"))
                .anySatisfy(
                        mount -> assertThat(mount.path("mountPath").asText()).isEqualTo("/tmp"));
    }

    /** Otherwise a Service called lifelog-portal would set LIFELOG_PORTAL_PORT to tcp://... */
    @ParameterizedTest
    @MethodSource("workloads")
    void otherServicesSetNoVariables(Workload workload) {
        assertThat(workload.pod().path("enableServiceLinks").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void heapLeavesRoomInTheMemoryLimit(Workload workload) {
        Map<String, String> environment = environment(workload, BASE);
        String flags = environment.get("JAVA_TOOL_OPTIONS");
        assertThat(flags).startsWith(HEAP_FLAG);
        JsonNode resources = workload.container().path("resources");
        long limit = mebibytes(resources.at("/limits/memory").asText());
        long heap = limit * Integer.parseInt(flags.substring(HEAP_FLAG.length())) / 100;
        long rocksDb = Long.parseLong(environment.getOrDefault("LIFELOG_STREAMS_ROCKSDB_MIB", "0"));
        assertThat(heap + rocksDb + BESIDE_HEAP_MIB).isLessThanOrEqualTo(limit);
        assertThat(resources.at("/requests/memory")).isEqualTo(resources.at("/limits/memory"));
    }

    @Test
    void topicsJobCallsTheCommandAsItIs() {
        Workload job = workloads().stream()
                .filter(workload -> workload.kind().equals("Job"))
                .findFirst()
                .orElseThrow();
        assertThat(job.mainClass()).isEqualTo(Lifelog.class.getName());
        for (Path folder : kustomizations()) {
            Map<String, String> environment = environment(job, folder);
            List<String> arguments = new ArrayList<>();
            job.container().path("args").forEach(argument -> arguments.add(expand(argument.asText(), environment)));
            assertThat(String.join(" ", arguments)).doesNotContain("$(");
            assertThatCode(() -> Lifelog.commandLine()
                            .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new)))
                    .doesNotThrowAnyException();
        }
    }

    private static String expand(String text, Map<String, String> environment) {
        String expanded = text;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return expanded;
    }

    /** The variables of a container as they are with the configuration of a kustomization; secrets are some text. */
    private static Map<String, String> environment(Workload workload, Path folder) {
        Map<String, String> configuration = new HashMap<>(configuration(BASE));
        configuration.putAll(configuration(folder));
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : workload.container().path("env")) {
            JsonNode key = variable.at("/valueFrom/configMapKeyRef/key");
            String value = key.isMissingNode()
                    ? variable.path("value").asText("of a secret")
                    : configuration.get(key.asText());
            assertThat(value).as("%s of %s", variable, workload).isNotNull();
            assertThat(environment.put(variable.path("name").asText(), value)).isNull();
        }
        return environment;
    }

    private static Optional<Integer> port(Workload workload, String name) {
        return elements(workload.container().path("ports"))
                .filter(port -> port.path("name").asText().equals(name))
                .map(port -> port.path("containerPort").asInt())
                .findFirst();
    }

    private static long mebibytes(String quantity) {
        long number = Long.parseLong(quantity.substring(0, quantity.length() - 2));
        return switch (quantity.substring(quantity.length() - 2)) {
            case "Mi" -> number;
            case "Gi" -> number * 1024;
            default -> throw new IllegalArgumentException(quantity + " is neither in Mi nor in Gi");
        };
    }

    private static Map<String, String> configuration(Path folder) {
        Map<String, String> configuration = new HashMap<>();
        elements(kustomization(folder).path("configMapGenerator"))
                .flatMap(generator -> elements(generator.path("literals")))
                .map(literal -> literal.asText().split("=", 2))
                .forEach(pair -> configuration.put(pair[0], pair[1]));
        return configuration;
    }

    private static JsonNode kustomization(Path folder) {
        return documents(folder.resolve(KUSTOMIZATION)).get(0);
    }

    /** The folders with a kustomization. */
    private static Set<Path> kustomizations() {
        return files(KUSTOMIZATION).map(Path::getParent).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JsonNode> manifests(Path folder) {
        return files(".yaml")
                .filter(file -> file.startsWith(folder) && !file.endsWith(KUSTOMIZATION))
                .flatMap(file -> documents(file).stream());
    }

    private static Stream<Path> files(String end) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.getFileName().toString().endsWith(end)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> documents(Path file) {
        try {
            return YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(file.toFile())
                    .readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
