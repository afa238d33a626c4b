//! What is no run and no task: triggers, the defaults of the controller, and names of fields in another case.

use serde_json::json;

use crate::report::Cause;

use super::{notes, read, reasons, spec, written};

#[test]
fn what_a_trigger_creates_is_read_as_itself() {
    let text = r#"
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t}
spec:
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: TaskRun
      metadata: {generateName: t-}
      spec: {taskSpec: {steps: [{name: a, image: "$(tt.params.i)", securityContext: {privileged: $(tt.params.p)}}]}}
"#;
    let found = read(text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    assert_eq!(subject.entry.object.kind, "TaskRun");
    let pointer = "/spec/resourcetemplates/0/spec/taskSpec/steps/0/securityContext/privileged";
    assert_eq!(notes(subject), [json!(["Open", pointer])]);
    assert!(subject.entry.unresolved.contains(&pointer.to_owned()));
    let told = "`privileged` is filled in when the trigger creates it: what it is was not judged";
    assert_eq!(reasons(&found), [format!("{pointer} {told}")]);
    // Whatever is filled in otherwise is to be filled in before.
    for (kind, spec) in [
        ("Pod", "{containers: [{name: a, securityContext: {privileged: P}}]}"),
        ("TaskRun", "{taskSpec: {steps: [{name: a, securityContext: {privileged: P}}]}}"),
    ] {
        let version = if kind == "Pod" { "v1" } else { "tekton.dev/v1" };
        let object = format!("{{apiVersion: {version}, kind: {kind}, metadata: {{name: p}}, spec: {spec}}}");
        let held = format!(
            "{{apiVersion: triggers.tekton.dev/v1beta1, kind: TriggerTemplate, metadata: {{name: t}}, spec: {{resourcetemplates: [{object}]}}}}"
        );
        for (text, value, cause) in [
            (&held, "$(tt.params.p)", Cause::Reference),
            (&held, "'{{ .Values.p }}'", Cause::Template),
            (&object, "$(tt.params.p)", Cause::Template),
        ] {
            let found = read(&text.replace("privileged: P", &format!("privileged: {value}")));
            let told: Vec<_> = found.not_evaluated.iter().map(|one| one.cause).collect();
            assert_eq!(told, [cause], "{kind} {value}");
        }
    }
}

#[test]
fn the_defaults_of_the_controller_are_a_pod_of_all() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-defaults}\ndata:\n  \
                default-service-account: default\n  default-pod-template: |\n    hostNetwork: true\n    \
                volumes:\n      - {name: s, hostPath: {path: /run}}\n";
    let found = read(text);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({"hostNetwork": true, "volumes": [{"name": "s", "hostPath": {"path": "/run"}}], "containers": []});
    assert_eq!(spec(subject), wanted);
    assert!(subject.entry.partial);
    assert_eq!(subject.locate("/spec/hostNetwork"), "/data/default-pod-template/hostNetwork");
    assert_eq!(written(subject, "/spec/volumes/0/hostPath/path"), "/run");
    assert_eq!(found.without_pod, []);
    let other = read("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}");
    assert_eq!(other.without_pod.len(), 1);
}

#[test]
fn names_of_fields_count_in_any_case() {
    let task = "{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t}, spec: ";
    let run = "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: t}, spec: ";
    let defaults =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: config-defaults}, data: {default-pod-template: ";
    let privileged = "/containers/0/securityContext/privileged";
    for (head, text, at, odd) in [
        (task, "{steps: [{image: i, SecurityContext: {privileged: true}}]}}", privileged, "SecurityContext"),
        (task, "{Steps: [{image: i, securityContext: {PRIVILEGED: true}}]}}", privileged, "Steps PRIVILEGED"),
        (
            task,
            "{StepTemplate: {securityContext: {privileged: true}}, steps: [{image: i}]}}",
            privileged,
            "StepTemplate",
        ),
        // What a step says in another case counts over what all steps begin with.
        (
            task,
            "{stepTemplate: {securityContext: {privileged: false}}, steps: [{image: i, SecurityContext: {privileged: true}}]}}",
            privileged,
            "SecurityContext",
        ),
        (
            run,
            "{PodTemplate: {HostNetwork: true}, taskSpec: {steps: [{image: i}]}}}",
            "/hostNetwork",
            "PodTemplate HostNetwork",
        ),
        (
            run,
            "{podTemplate: {hostNetwor\u{212a}: true}, TaskSpec: {steps: [{image: i}]}}}",
            "/hostNetwork",
            "hostNetwor\u{212a} TaskSpec",
        ),
        (defaults, "'HostNetwork: true'}}", "/hostNetwork", ""),
        (defaults, "'ho\u{17f}tNetwork: true'}}", "/hostNetwork", ""),
    ] {
        let with = |text: &str| {
            let found = read(&format!("{head}{text}\n"));
            let told = reasons(&found);
            let told: Vec<&str> = told.iter().map(|told| told.split('`').nth(1).unwrap()).collect();
            assert_eq!((found.subjects.len(), told.join(" ").as_str()), (1, odd), "{text}");
            assert!(notes(&found.subjects[0]).is_empty(), "{text}");
            spec(&found.subjects[0]).pointer(at).cloned()
        };
        assert_eq!(with(text), Some(json!(true)), "{text}");
        assert_eq!(with(&text.replace("true", "false")), Some(json!(false)), "{text}");
    }
    let found = read(&format!("{task}{{steps: [{{image: i, SecurityContext: {{}}}}]}}}}\n"));
    let told = "`SecurityContext` is `securityContext` to readers that take any case, and nothing to others: it was judged as if it counted";
    assert_eq!(reasons(&found), [format!("/spec/steps/0/SecurityContext {told}")]);
    assert!(found.not_evaluated[0].cause.is_error());
    // Keys of one's own are no fields.
    let found = read(&format!(
        "{run}{{podTemplate: {{nodeSelector: {{Name: a}}}}, taskSpec: {{params: [{{name: p, properties: {{Image: {{type: string}}}}}}], steps: [{{image: i}}]}}}}}}\n"
    ));
    assert_eq!(
        (reasons(&found), &spec(&found.subjects[0])["nodeSelector"]),
        (Vec::new(), &json!({"Name": "a"}))
    );
}

#[test]
fn what_listeners_create_is_judged() {
    let run = "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {generateName: r}, spec: {taskSpec: {stepTemplate: {securityContext: {privileged: true}}, steps: [{image: i}]}}}";
    let trigger = format!("{{template: {{spec: {{resourcetemplates: [{run}]}}}}}}");
    for (text, at) in [
        (
            format!("{{kind: EventListener, spec: {{triggers: [{trigger}, {{template: {{ref: t}}}}]}}"),
            "/spec/triggers/0",
        ),
        (format!("{{kind: Trigger, spec: {trigger}"), "/spec"),
    ] {
        let found =
            read(&format!("{text}, apiVersion: triggers.tekton.dev/v1beta1, metadata: {{name: l}}}}\n"));
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        let privileged = "/spec/containers/0/securityContext/privileged";
        assert_eq!(spec(subject)["containers"][0]["securityContext"], json!({"privileged": true}), "{text}");
        let base = format!(
            "{at}/template/spec/resourcetemplates/0/spec/taskSpec/stepTemplate/securityContext/privileged"
        );
        assert_eq!(subject.locate(privileged), base);
        let told = "/spec/triggers/1/template `template` refers to `t`: what that brings is judged in its own file alone";
        assert_eq!(reasons(&found), vec![told; usize::from(text.contains("ref: t"))]);
    }
    let pod = "{kubernetesResource: {spec: {template: {spec: {containers: [{image: i, securityContext: {privileged: true}}]}}}}}";
    let found = read(&format!(
        "{{kind: EventListener, spec: {{resources: {pod}}}, apiVersion: triggers.tekton.dev/v1beta1, metadata: {{name: l}}}}\n"
    ));
    assert_eq!(found.subjects.len(), 1, "{found:#?}");
}
