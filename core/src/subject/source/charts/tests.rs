mod helmfile;
mod unknown;

use serde_json::{Value, json};

use super::super::testing::{astray, read, read_file, reasons, spec, written};
use crate::subject::Subjects;

const GITLAB: &str = "gitlabUrl: https://a\nrunners:\n  config: |\n    [[runners]]\n      executor = \"kubernetes\"\n      [runners.kubernetes]\n        privileged = true\n";
const JENKINS: &str = "agent:\n  podTemplates:\n    base: |\n      - name: base\n        hostNetwork: true\n        containers:\n          - {name: a, image: b, privileged: true}\n        yaml: |-\n          spec:\n            hostPID: true\n";
const SCALE_SET: &str = "githubConfigUrl: https://github.com/a\ncontainerMode: {type: dind}\n";
const BUILDKITE: &str = "config:\n  pod-spec-patch:\n    hostPID: true\n";
const CIRCLECI: &str = "agent:\n  resourceClasses:\n    a/b: {spec: {hostPID: true, containers: [{securityContext: {privileged: true}}]}}\n";

const VALUES: [&str; 5] = [GITLAB, JENKINS, SCALE_SET, BUILDKITE, CIRCLECI];

/// Where values of a chart may stand, and how far these are indented there.
const HOLDERS: [(&str, usize); 11] = [
    (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec:\n  chart: {spec: {chart: c}}\n  values:\n",
        4,
    ),
    (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: r}\nspec:\n  source:\n    chart: c\n    helm:\n      values: |\n",
        8,
    ),
    (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: r}\nspec:\n  source:\n    chart: c\n    helm:\n      values: 'ignored: 1'\n      valuesObject:\n",
        8,
    ),
    (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: r}\nspec:\n  sources:\n  - repoURL: c\n    helm:\n      values: |\n",
        8,
    ),
    (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: r}\nspec:\n  template:\n    spec:\n      source:\n        chart: c\n        helm:\n          values: |\n",
        12,
    ),
    (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: r}\nspec:\n  chart: c\n  valuesContent: |\n",
        4,
    ),
    (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: r}\nspec:\n  valuesContent: |-\n",
        4,
    ),
    (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: r}\nspec:\n  chart: c\n  values:\n",
        4,
    ),
    (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nhelmCharts:\n- name: c\n  valuesInline:\n",
        4,
    ),
    (
        "apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nmetadata: {name: r}\nspec:\n  forProvider:\n    chart: {name: c}\n    values:\n",
        6,
    ),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\ndata:\n  values.yaml: |\n", 4),
];

fn held((head, indent): (&str, usize), values: &str) -> String {
    let line = |line: &str| format!("{:indent$}{line}\n", "");
    format!("{head}{}", values.lines().map(line).collect::<String>())
}

/// The pods and whose they are, with the pointers of what is not written where it has its place.
fn pods(found: &Subjects) -> Vec<(String, String, Value, Vec<String>)> {
    let pointers = |lines: Vec<String>| {
        lines.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let pod = |subject| {
        let entry = &(subject as &crate::subject::Subject).entry;
        (entry.platform.clone(), entry.object.kind.clone(), spec(subject), pointers(astray(subject, &[])))
    };
    found.subjects.iter().map(pod).collect()
}

#[test]
fn values_in_an_object_are_those_of_a_file() {
    for values in VALUES {
        for values in [values.to_owned(), values.replace("true", "false").replace("dind", "kubernetes")] {
            let alone = read(&values);
            assert!(!alone.subjects.is_empty());
            for holder in HOLDERS {
                let text = held(holder, &values);
                let found = read(&text);
                assert_eq!(pods(&found), pods(&alone), "{text}");
                let is_kustomize = text.contains("kustomize");
                assert_eq!(found.not_evaluated.len(), usize::from(is_kustomize), "{:#?}", reasons(&found));
                assert!(found.without_pod.is_empty(), "{:#?}", found.without_pod);
            }
        }
    }
}

#[test]
fn findings_stand_in_the_text() {
    let text = held(HOLDERS[1], JENKINS);
    let found = read(&text);
    let subject = found.subjects.last().unwrap();
    let at = |pointer: &str| {
        subject.document.as_ref().unwrap().span(&subject.locate(pointer), Default::default()).unwrap().start
    };
    assert_eq!((at("/spec/hostPID").line, at("/spec/hostPID").column), (18, 30));
    assert_eq!(written(subject, "/spec/containers/0/securityContext/privileged"), "true");
    let quoted = format!(
        "{{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {{name: r}}, spec: {{source: {{helm: {{values: {GITLAB:?}}}}}}}}}"
    );
    let found = read(&quoted);
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/securityContext/privileged"), "true");
}

#[test]
fn values_that_nobody_knows_are_judged_by_their_shape_and_told() {
    let values = "a:\n  containerSecurityContext:\n    privileged: true\n";
    for holder in &HOLDERS[..9] {
        let found = read(&held(*holder, values));
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(written(subject, "/spec/containers/0/securityContext/privileged"), "true");
        let told = reasons(&found);
        assert!(told.iter().any(|one| one.contains(" refers to `")), "{told:?}");
        let safe = read(&held(*holder, "a: {b: c}\n"));
        assert_eq!((safe.subjects.len(), reasons(&safe)), (0, told));
    }
}

fn application(helm: &str) -> Subjects {
    read(&format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: r}}\nspec:\n  source:\n    chart: c\n    helm:\n{helm}"
    ))
}

#[test]
fn parameters_are_put_into_the_values() {
    let dind = "      parameters: [{name: containerMode.type, value: dind}]\n      values: 'githubConfigUrl: https://github.com/a'\n";
    let found = application(dind);
    let of = |found: &Subjects| pods(found).into_iter().map(|pod| (pod.0, pod.1, pod.2)).collect::<Vec<_>>();
    assert_eq!(of(&found), of(&read(SCALE_SET)));
    assert_eq!(reasons(&found), [""; 0]);
    let daemon = &spec(&found.subjects[0])["initContainers"];
    assert!(daemon.to_string().contains("\"privileged\":true"), "{daemon}");
    let set = read(
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: r}\nspec:\n  set: {githubConfigUrl: https://github.com/a, containerMode.type: dind}\n",
    );
    assert_eq!(of(&set), of(&read(SCALE_SET)));
    // A chart that is not known.
    let found = application(
        "      values: 'a: {containerSecurityContext: {capabilities: {add: [NET_ADMIN]}}}'\n      parameters:\n      - {name: a.containerSecurityContext.privileged, value: \"true\"}\n      - {name: 'b.containerSecurityContext.capabilities.add', value: '{SYS_ADMIN,x}'}\n",
    );
    let contexts: Vec<Value> =
        found.subjects.iter().map(|own| spec(own)["containers"][0]["securityContext"].clone()).collect();
    assert_eq!(
        contexts,
        [
            json!({"privileged": true, "capabilities": {"add": ["NET_ADMIN"]}}),
            json!({"capabilities": {"add": ["SYS_ADMIN", "x"]}}),
        ]
    );
    let at = |subject: usize, pointer: &str| written(&found.subjects[subject], pointer);
    assert_eq!(at(0, "/spec/containers/0/securityContext/privileged"), "\"true\"");
    assert_eq!(at(0, "/spec/containers/0/securityContext/capabilities/add/0"), "NET_ADMIN");
    assert_eq!(at(1, "/spec/containers/0/securityContext/capabilities/add/0"), "'{SYS_ADMIN,x}'");
}

#[test]
fn what_is_elsewhere_is_told() {
    let found = application(
        "      valueFiles: [a.yaml]\n      parameters: [{name: 'a,b', value: c}, {name: 'l[3].x', value: y}]\n",
    );
    assert_eq!(
        reasons(&found),
        [
            "/spec/source/helm/parameters/0/value the parameter's name is that of no place in the values that is known: it was not put there",
            "/spec/source/helm/parameters/1/value the parameter's name is that of no place in the values that is known: it was not put there",
            "/spec/source/chart `source` refers to `c`: what that brings is judged in its own file alone",
            "/spec/source/helm/valueFiles/0 `valueFiles` refers to `a.yaml`: what that brings is judged in its own file alone",
        ]
    );
    let found = read(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec:\n  chart: {spec: {chart: c}}\n  valuesFrom: [{kind: Secret, name: s}]\n  postRenderers:\n  - kustomize:\n      patches:\n      - patch: |\n          - {op: add, path: /spec/template/spec/hostPID, value: true}\n",
    );
    assert_eq!(
        reasons(&found),
        [
            "/spec/chart/spec/chart `chart` refers to `c`: what that brings is judged in its own file alone",
            "/spec/valuesFrom/0 `valuesFrom` refers to `s`: what that brings is judged in its own file alone",
            "/spec/postRenderers `postRenderers` change what the chart makes, which is not in the file",
        ]
    );
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true");
    let broken = application("      values: 'a: ['\n");
    assert!(reasons(&broken)[0].contains("the values of the chart: "), "{:?}", reasons(&broken));
}

fn kustomization(patches: &str) -> Subjects {
    read(&format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{patches}"))
}

const TOLD: &str = " what Kustomize makes is judged by `podgate check --kustomize DIR`";

#[test]
fn inline_patches_are_parts_of_objects() {
    let deployment = "apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: d}\n    spec:\n      template:\n        spec:\n          hostPID: true\n          containers: [{name: a, securityContext: {privileged: true}}]\n";
    for head in [
        "patches:\n- patch: |\n    ",
        "patchesStrategicMerge:\n- |\n    ",
        "patchesStrategicMerge:\n- file.yaml\n- |\n    ",
    ] {
        let found = kustomization(&format!("{head}{deployment}"));
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(
            spec(subject),
            json!({"hostPID": true, "containers": [{"name": "a", "securityContext": {"privileged": true}}]})
        );
        assert!(subject.entry.partial && subject.entry.object.kind == "Deployment");
        assert_eq!((astray(subject, &[]), reasons(&found)), (Vec::new(), vec![TOLD.to_owned()]));
        assert!(found.without_pod.is_empty());
    }
    for safe in [
        "patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: 3}}'}]\n",
        "patches: [{path: file.yaml}]\n",
        "patchesStrategicMerge: [file.yaml]\n",
        "patchesJson6902: [{path: file.yaml, target: {kind: Pod}}]\n",
        "patches: [{patch: '[{op: replace, path: /spec/replicas, value: 3}]'}]\n",
    ] {
        let found = kustomization(safe);
        assert_eq!((found.subjects.len(), found.without_pod.len()), (0, 1), "{safe}");
        assert_eq!(reasons(&found), [TOLD], "{safe}");
    }
    let operations = "patchesJson6902:\n- target: {kind: Deployment, name: d}\n  patch: |-\n    - op: add\n      path: /spec/template/spec/containers/0/securityContext\n      value: {privileged: true}\n";
    let found = kustomization(operations);
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/securityContext/privileged"), "true");
    assert!(found.subjects[0].entry.partial);
    let broken = kustomization("patches: [{patch: '{a: ['}]\n");
    assert!(reasons(&broken)[1].contains("the patch: not valid"), "{:?}", reasons(&broken));
}

#[test]
fn a_kustomization_may_not_say_what_it_is() {
    let text = "resources: [a.yaml]\npatches:\n- patch: '{kind: Deployment, apiVersion: apps/v1, spec: {template: {spec: {hostPID: true}}}}'\n";
    let found = read_file("overlays/kustomization.yaml", text);
    assert_eq!((found.subjects.len(), reasons(&found)), (1, vec![TOLD.to_owned()]));
    let found = read_file("overlays/kustomization.yaml", "resources: [a.yaml]\n");
    assert_eq!((found.without_pod[0].kind.as_str(), reasons(&found).len()), ("Kustomization", 0));
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec:\n  path: ./apps\n  patches:\n  - patch: |\n      kind: Deployment\n      apiVersion: apps/v1\n      spec: {template: {spec: {hostPID: true}}}\n";
    let found = read(flux);
    assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true");
    assert_eq!(
        reasons(&found),
        ["/spec/path `path` refers to `./apps`: what that brings is judged in its own file alone"]
    );
}

#[test]
fn what_is_filled_into_operations_is_told() {
    let judged = |operations: &str| {
        let found = kustomization(&format!("patches:\n- patch: |\n{operations}"));
        let open = |one: &crate::subject::Subject| {
            let notes = one.notes.iter().filter(|note| matches!(note.kind, crate::typed::NoteKind::Open));
            notes.map(|note| note.pointer.clone()).collect::<Vec<_>>()
        };
        let told = reasons(&found).split_off(1);
        (found.subjects.iter().map(|one| (spec(one), open(one))).collect::<Vec<_>>(), told)
    };
    let operation =
        |op: &str, path: &str, value: &str| format!("    - {{op: {op}, path: {path}, value: {value}}}\n");
    let at = "/patches/0/patch/0/value".to_owned();
    for (path, value, wanted, place) in [
        ("/spec/template/spec/hostNetwork", "'${X}'", json!({"containers": []}), at.clone()),
        ("/spec/template/spec/hostNetwork", "${X}", json!({"containers": []}), at.clone()),
        ("/spec/hostPID", "'{{ x }}'", json!({"containers": []}), at.clone()),
        ("/hostPID", "$X", json!({"containers": []}), at.clone()),
        (
            "/spec/template/spec/volumes/-",
            "${X}",
            json!({"containers": [], "volumes": [{"name": ""}]}),
            at.clone(),
        ),
        (
            "/spec/template/spec/containers/0/securityContext/privileged",
            "${X}",
            json!({"containers": [{"name": "", "securityContext": {}}]}),
            at.clone(),
        ),
        ("/spec/template/spec", "{hostPID: \"${X}\"}", json!({"containers": []}), format!("{at}/hostPID")),
    ] {
        let (subjects, told) = judged(&operation("add", path, value));
        assert_eq!(subjects, [(wanted, vec![place])], "{path} {value}");
        assert!(told.is_empty(), "{path} {value}: {told:?}");
    }
    // What stands elsewhere below an open field is judged as well.
    let (subjects, _) = judged(&format!(
        "{}{}",
        operation("add", "/spec/hostNetwork", "${X}"),
        operation("add", "/spec/template/spec/hostPID", "true")
    ));
    assert_eq!(
        subjects,
        [(json!({"containers": []}), vec![at.clone()]), (json!({"hostPID": true, "containers": []}), vec![])]
    );
    // Beside it, the rest of the pod is judged once.
    let (subjects, _) = judged(&format!(
        "{}{}",
        operation("add", "/spec/template/spec/hostNetwork", "${X}"),
        operation("add", "/spec/template/spec/hostPID", "true")
    ));
    assert_eq!(subjects, [(json!({"containers": [], "hostPID": true}), vec![at])]);
    for (op, path, value) in [
        ("add", "/spec/replicas", "${X}"),
        ("add", "/spec/template/spec/containers/0/image", "${X}"),
        ("add", "/spec/template/spec/hostNetwork", "false"),
        ("remove", "/spec/template/spec/hostNetwork", "${X}"),
        ("test", "/metadata/labels/a", "{b: '${X}'}"),
    ] {
        let (subjects, told) = judged(&operation(op, path, value));
        let is_empty = subjects.iter().all(|(_, open)| open.is_empty());
        assert!(is_empty && told.is_empty(), "{op} {path}: {subjects:?} {told:?}");
    }
}

#[test]
fn references_beyond_ten_are_counted() {
    let files = |count: usize| {
        let files: Vec<String> = (0..count).map(|at| format!("f{at}.yaml")).collect();
        reasons(&application(&format!("      valueFiles: [{}]\n", files.join(", "))))
    };
    let at = "/spec/source/helm/valueFiles";
    assert_eq!(files(10).len(), 11);
    let told = files(13);
    assert_eq!(told.len(), 12);
    assert_eq!(
        told[11],
        format!("{at}/10 `valueFiles` refers to 3 more: what they bring is judged in their own files alone")
    );
    assert_eq!(
        reasons(&application("      fileParameters: [{name: a, path: b.txt}]\n"))[1],
        "/spec/source/helm/fileParameters/0 `fileParameters` refers to `b.txt`: what that brings is judged in its own file alone"
    );
}

#[test]
fn releases_of_crossplane_have_values_and_references() {
    let found = read(
        "apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nmetadata: {name: r}\nspec:\n  forProvider:\n    chart: {name: c}\n    values: {pod: {hostPID: true}}\n    set: [{name: pod.hostIPC, value: \"true\"}]\n    valuesFrom: [{configMapKeyRef: {name: v}}]\n",
    );
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(spec(subject), json!({"hostPID": true, "hostIPC": true, "containers": []}));
    let elsewhere = "refers to `v`: what that brings is judged in its own file alone";
    assert_eq!(reasons(&found)[1..], [format!("/spec/forProvider/valuesFrom/0 `valuesFrom` {elsewhere}")]);
}
