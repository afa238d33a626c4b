use serde_json::{Value, json};

use super::super::testing::{in_base64, read, reasons, spec, written};
use super::{KEYS, has_key};
use crate::report::Cause;
use crate::subject::Subjects;

fn lines(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// A text in each place of a ConfigMap and a Secret: where it can be pointed into, and where it cannot.
fn held(key: &str, text: &str) -> [String; 5] {
    let of = |kind: &str, data: &str| format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: h}}\n{data}");
    let (block, encoded) =
        (format!("\n  {key}: |\n{}", lines(text)), format!("\n  {key}: {}\n", in_base64(text)));
    [
        of("ConfigMap", &format!("data:{block}")),
        of("ConfigMap", &format!("data: {{{key}: {}}}\n", json!(text))),
        of("Secret", &format!("stringData:{block}")),
        of("Secret", &format!("data:{encoded}")),
        of("ConfigMap", &format!("binaryData:{encoded}")),
    ]
}

const TRUE: &str = "/containers/0/securityContext/privileged";

const XML: &str = "<org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
  <name>maven</name>
  <containers>
    <org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
      <name>jnlp</name>
      <image>registry.example.com/maven:1</image>
      <privileged>true</privileged>
    </org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
  </containers>
</org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
";

#[test]
fn texts_are_read_as_files() {
    let pod = "spec: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}\n";
    for (key, text, platform) in [
        ("pod.yaml", format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\n{pod}"), ""),
        ("pod.json", format!("{}\n", json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b", "securityContext": {"privileged": true}}]}})), ""),
        (
            "all",
            format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\n---\n# more\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\n{pod}"),
            "",
        ),
        (
            "task",
            "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: a, image: b, securityContext: {privileged: true}}]}\n".to_owned(),
            "tekton",
        ),
        (
            "values.yaml",
            "gitlabUrl: https://a\nrunners:\n  config: |\n    [[runners]]\n      executor = \"kubernetes\"\n      [runners.kubernetes]\n        privileged = true\n".to_owned(),
            "gitlab",
        ),
        (
            "settings",
            "resourceClasses:\n  a.b:\n    spec: {containers: [{name: a, securityContext: {privileged: true}}]}\n".to_owned(),
            "circleci",
        ),
        ("some.yaml", "a: {sidecars: [{image: b, securityContext: {privileged: true}}]}\n".to_owned(), ""),
        (
            "Jenkinsfile",
            "podTemplate(containers: [containerTemplate(name: 'jnlp', image: 'b', privileged: true)]) { node(POD_LABEL) { sh 'make' } }\n".to_owned(),
            "jenkins",
        ),
        ("maven", XML.to_owned(), "jenkins"),
        (
            "config.xml",
            format!("<?xml version='1.1' encoding='UTF-8'?>\n<hudson><clouds><v class=\"org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud\"><templates>{XML}</templates></v></clouds></hudson>"),
            "jenkins",
        ),
    ] {
        let safe = text.replace("privileged: true", "privileged: false").replace("privileged = true", "privileged = false");
        let safe = safe.replace("privileged>true", "privileged>false").replace("\"privileged\":true", "\"privileged\":false");
        for (at, (held, safe)) in held(key, &text).into_iter().zip(self::held(key, &safe)).enumerate() {
            let found = read(&held);
            let [subject] = found.subjects.as_slice() else { panic!("{held}\n{found:#?}") };
            assert_eq!(subject.entry.platform, platform, "{held}");
            assert_eq!((reasons(&found), found.without_pod.len()), (Vec::new(), 0), "{held}");
            let pod = spec(subject);
            assert_eq!(pod.pointer(TRUE), Some(&json!(true)), "{held}");
            // XML in a text has the place of the text.
            if at < 3 && !text.starts_with('<') {
                assert_eq!(written(subject, &format!("/spec{TRUE}")), "true", "{held}");
            } else {
                assert!(written(subject, &format!("/spec{TRUE}")).len() > 20, "{held}");
            }
            let privileged = |found: &Subjects| {
                let own = |one| spec(one).pointer(TRUE).cloned();
                found.subjects.iter().filter_map(own).any(|own| own == json!(true))
            };
            assert!(privileged(&found) && !privileged(&read(&safe)), "{safe}");
        }
    }
}

#[test]
fn pipelines_and_settings_are_known_in_texts() {
    for (text, kind) in [
        (
            "on: push\njobs:\n  a:\n    runs-on: own\n    container: {image: a, options: --privileged}\n    steps: [{run: make}]\n",
            "GitHubJob",
        ),
        (
            "stages: [build]\njob:\n  stage: build\n  image: docker:27\n  services: ['docker:27-dind']\n  script: [make]\n",
            "GitLabJob",
        ),
        ("agent-token-secret: a\nnamespace: b\npod-spec-patch: {hostPID: true}\n", "BuildkiteController"),
    ] {
        for held in held("x", text) {
            let found = read(&held);
            let kinds: Vec<&str> = found.subjects.iter().map(|own| own.entry.object.kind.as_str()).collect();
            assert_eq!((kinds, reasons(&found)), (vec![kind], Vec::new()), "{held}");
        }
    }
}

#[test]
fn most_texts_are_nothing_and_nothing_is_told_of_them() {
    let log = "2026-01-01 INFO server: started kind: none\n".repeat(5);
    for text in [
        "server {\n  listen 80;\n  location / { proxy_pass http://a: 80; }\n}\n",
        "global:\n  scrape_interval: 15s\nscrape_configs:\n- job_name: a\n  static_configs: [{targets: ['a:1']}]\n",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncgroupDriver: systemd\n",
        "apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: https://a}}]\n",
        "{\"title\": \"board\", \"panels\": [{\"type\": \"graph\", \"template\": \"{{a}}\"}]}\n",
        "import jenkins.model.*\nJenkins.instance.setNumExecutors(0)\n",
        "template: \"{{ range .Alerts }}\"\n{{ .Labels }}: x: y\n",
        "jobs: [\n",
        "[mysqld]\nport = 3306\n",
        "<?xml version='1.0'?><configuration><property><name>a</name></property></configuration>\n",
        "#!/bin/sh\nset -e\necho kind: Pod\n",
        "steps: 3\nvolumes: many\nagent: smith\n",
        "# Builders\n\nNever write this:\n\n```yaml\napiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n```\n",
        "",
        "plain",
        &log,
    ] {
        for held in held("x", text) {
            let found = read(&held);
            assert_eq!((found.subjects.len(), reasons(&found)), (0, Vec::new()), "{held}");
            assert_eq!(found.without_pod.len(), 1, "{held}");
        }
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_told() {
    let told = |text: &str| {
        let found = read(&held("x", text)[0]);
        let of: Vec<(Cause, bool)> = found
            .not_evaluated
            .iter()
            .map(|own| (own.cause, own.reason.starts_with("`x`, a text that is a file: ")))
            .collect();
        (of, found.subjects.len(), found.without_pod.len())
    };
    assert_eq!(told("apiVersion: v1\nkind: Pod\nspec: [\n"), (vec![(Cause::Syntax, true)], 0, 0));
    let template = "apiVersion: v1\nkind: Pod\nspec:\n  {{- if .a }}\n  hostPID: true\n  {{- end }}\n";
    assert_eq!(told(template), (vec![(Cause::Template, true)], 0, 0));
    let second = "apiVersion: v1\nkind: Pod\nspec: {hostPID: true, containers: []}\n---\napiVersion: v1\nkind: Pod\nspec: [\n";
    assert_eq!(told(second), (vec![(Cause::Syntax, true)], 1, 0));
    assert_eq!(
        told("apiVersion: apps/v1\nkind: Deployment\nspec: {}\n"),
        (vec![(Cause::NoPod, false)], 0, 0)
    );
}

#[test]
fn texts_of_several_systems_are_each_read_once() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: h}\ndata:\n  default-pod-template: |\n    hostNetwork: true\n  pod: '{apiVersion: v1, kind: Pod, spec: {hostPID: true, containers: []}}'\n  jenkins.yaml: |\n    jenkins: {clouds: [{kubernetes: {templates: [{name: a, hostNetwork: true}]}}]}\n  hook: |\n    spec: {hostPID: true}\n  config.toml: |\n    [[runners]]\n    executor = \"kubernetes\"\n    [runners.kubernetes]\n    privileged = true\n";
    let found = read(text);
    let platforms: Vec<&str> = found.subjects.iter().map(|own| own.entry.platform.as_str()).collect();
    assert_eq!(platforms, ["jenkins", "tekton", "github-actions", "gitlab", ""]);
    assert_eq!((reasons(&found), found.without_pod.len()), (Vec::new(), 0));
}

#[test]
fn keys_are_sorted_and_found_wherever_a_map_has_them() {
    assert!(KEYS.is_sorted());
    for text in [
        "kind: a",
        "  kind : a",
        "- kind: a",
        "a: {kind: b}",
        "{\"kind\":1}",
        "x,'kind' : 1",
        "&a kind: b",
        "!!str kind: b",
        "? kind\n: b\nkind: c",
        "a\r\nkind: b",
    ] {
        assert!(has_key(text, &["kind"]), "{text}");
    }
    for text in ["", "kind", "a kind: b", "akind: b", "kinds: b", "kind-: a", "$kind: a", "kind b: c"] {
        assert!(!has_key(text, &["kind"]), "{text}");
    }
    let long = format!("{}:x", "&a".repeat(100_000));
    assert!(!has_key(&long, &["kind"]));
}

#[test]
fn settings_of_tektons_operator_are_its_defaults() {
    let with = |value: bool| {
        read(&format!(
            "apiVersion: operator.tekton.dev/v1alpha1\nkind: TektonConfig\nmetadata: {{name: config}}\nspec:\n  pipeline:\n    default-pod-template: |\n      hostNetwork: {value}\n    options:\n      configMaps:\n        config-defaults:\n          data:\n            default-affinity-assistant-pod-template: |\n              hostNetwork: {value}\n      deployments:\n        tekton-pipelines-controller:\n          spec: {{template: {{spec: {{hostPID: {value}}}}}}}\n"
        ))
    };
    for value in [true, false] {
        let found = with(value);
        let specs: Vec<Value> = found.subjects.iter().map(spec).collect();
        let own = |key: &str| specs.iter().filter(|spec| spec[key] == json!(value)).count();
        assert_eq!((specs.len(), own("hostNetwork"), own("hostPID")), (3, 2, 1), "{specs:#?}");
        assert_eq!(reasons(&found), [""; 0]);
        for subject in &found.subjects[..2] {
            assert_eq!(written(subject, "/spec/hostNetwork"), value.to_string());
        }
    }
}

#[test]
fn what_is_filled_in_between_braces_is_open() {
    let pod = |image: &str, pid: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nspec: {{hostPID: {pid}, containers: [{{name: a, image: {image}}}]}}\n"
        )
    };
    for held in held("x", &pod("${X:-a}", "true")).iter().take(3) {
        let found = read(held);
        let [subject] = found.subjects.as_slice() else { panic!("{held}: {:?}", reasons(&found)) };
        let wanted = json!({"hostPID": true, "containers": [{"name": "a", "image": "${X:-a}"}]});
        assert_eq!((spec(subject), reasons(&found)), (wanted, Vec::new()), "{held}");
        assert_eq!(written(subject, "/spec/containers/0/image"), "${X:-a}", "{held}");
    }
    let found = read(&held("x", &pod("a", "${PID}"))[0]);
    let told: Vec<_> = found.not_evaluated.iter().map(|own| own.cause).collect();
    assert_eq!((found.subjects.len(), told), (1, vec![Cause::Template]));
    // What is no name stays as it is.
    let found = read(&held("x", &pod("${X Y}", "true"))[0]);
    let told: Vec<_> = found.not_evaluated.iter().map(|own| own.cause).collect();
    assert_eq!((found.subjects.len(), told), (0, vec![Cause::Syntax]));
}
