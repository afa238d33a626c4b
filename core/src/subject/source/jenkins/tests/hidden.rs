//! Ways to write a pod in a Jenkinsfile so that it is hard to see. Each has a harmless twin that passes.

use serde_json::{Value, json};

use super::{Subject, metadata, one, pipeline, reasons, spec, written};

/// What is written where pods see the processes of the node, and what else is said.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let found = pipeline(text);
    let dangerous = |one: &&Subject| spec(one)["hostPID"] == json!(true);
    let at = |one: &Subject| {
        let part = if one.entry.partial { "part " } else { "" };
        format!("{part}{}", written(one, "/spec/hostPID"))
    };
    let open = found.subjects.iter().flat_map(|one| one.entry.unresolved.clone());
    let said = reasons(&found).into_iter().chain(open).collect();
    (found.subjects.iter().filter(dangerous).map(at).collect(), said)
}

const BODY: &str = "{ node(POD_LABEL) {} }";

/// The same of a text in which `YAML` stands for a dangerous pod, and for a harmless one.
fn both(text: &str) -> [(Vec<String>, Vec<String>); 2] {
    let text = text.replace("BODY", BODY);
    [true, false]
        .map(|pid| told(&text.replace("YAML", &format!("'spec: {{hostPID: {pid}, containers: []}}'"))))
}

/// The agents of all templates around can be asked for by their labels.
#[test]
fn an_agent_of_a_template_around_is_one_too() {
    let judged = |node: &str| {
        let text = format!(
            "podTemplate(label: 'out', yaml: 'spec: {{hostPID: true, containers: []}}') {{\n podTemplate(label: 'in', \
            yaml: 'spec: {{containers: []}}') {{ node({node}) {{ sh 'x' }} }}\n}}\n"
        );
        let found = pipeline(&text);
        found.subjects.iter().map(|one| spec(one)["hostPID"] == json!(true)).collect::<Vec<bool>>()
    };
    for node in ["'out'", "'out||in'", "label", "\"o${x}\""] {
        assert_eq!(judged(node), [true, false], "{node}");
    }
    for node in ["POD_LABEL", "'in'", "", "'other'"] {
        assert_eq!(judged(node), [false], "{node}");
    }
}

/// Of several texts each stands in its own place among those around it, and none needs blanks to be seen.
#[test]
fn one_of_several_texts_stands_where_it_was() {
    let texts = r#"params.P ? '{"spec":{"hostPID":true,"containers":[]}}' : '{"spec":{"containers":[]}}'"#;
    let inside = |inner: &str| {
        let text = format!("podTemplate(yaml: {texts}) {{ podTemplate({inner}) {BODY} }}\n");
        pipeline(&text).subjects.iter().map(|one| spec(one)["hostPID"].clone()).collect::<Vec<Value>>()
    };
    let (yes, no) = (json!(true), Value::Null);
    assert_eq!(inside("label: 'a'"), [yes.clone(), no.clone()]);
    let own = "yaml: 'spec: {containers: []}'";
    assert_eq!(inside(own), [no.clone(), no.clone()], "what is inside counts");
    assert_eq!(inside(&format!("{own}, yamlMergeStrategy: merge()")), [yes, no]);
}

#[test]
fn what_can_be_worked_out_is_judged() {
    for text in [
        "podTemplate(('yaml'): YAML) BODY",
        "podTemplate(('ya' + 'ml'): YAML) BODY",
        "podTemplate('yaml' : YAML) BODY",
        "def k = 'yaml'\npodTemplate((k): YAML) BODY",
        "podTemplate(yaml /* a */ // b\n : YAML) BODY",
        "podTemplate(label: 'x', *: [yaml: YAML]) BODY",
        "podTemplate([*: [yaml: YAML], label: 'x']) BODY",
        "podTemplate([label: 'x'], yaml: YAML) BODY",
        "def m = [yaml: YAML]\npodTemplate(m) BODY",
        "def m = [yaml: YAML]\npodTemplate(label: 'x', *: m) BODY",
        "z = y = YAML\npodTemplate(yaml: y) BODY",
        "pipeline { agent { kubernetes { yaml 'spec: {}' }\n kubernetes { yaml YAML } } }",
        "pipeline { agent { kubernetes { yaml 'spec: {}' } }\n agent { kubernetes { yaml YAML } } }",
        "podTemplate(yaml: YAML) { podTemplate(yaml: 'spec: {}', yamlMergeStrategy: merge()) BODY }",
        "podTemplate(yaml: YAML) { podTemplate(yaml: 'spec: {}', yamlMergeStrategy: x) BODY }",
        "podTemplate(yaml: YAML, yamlMergeStrategy: merge(), inheritYamlMergeStrategy: x) { podTemplate(yaml: 'spec: {}') BODY }",
        "enum A { X, Y(1) { int z() { 2 } }; def go(s) { s.podTemplate(yaml: YAML) BODY } }",
        "interface A { int a = 1; <T> T b(); default void go(s) { s.podTemplate(yaml: YAML) BODY } }",
        "def f(x = podTemplate(yaml: YAML) BODY, y = 1) {}",
    ] {
        let [dangerous, harmless] = both(text);
        assert_eq!(dangerous, (vec!["true".to_owned()], vec![]), "{text}");
        assert_eq!(harmless, (vec![], vec![]), "{text}");
    }
    // The inner text alone counts.
    let inner =
        "podTemplate(yaml: YAML) { podTemplate(yaml: 'spec: {}', yamlMergeStrategy: override()) BODY }";
    assert_eq!(both(inner)[0], (vec![], vec![]));
}

#[test]
fn what_cannot_be_worked_out_is_told() {
    let elsewhere = "`yaml` is worked out when the pipeline runs: the pod in it was not judged";
    let several = "`yaml` may be one of several texts: each was judged";
    let template =
        "`podTemplate` is given what is worked out when the pipeline runs: its pod was not judged in full";
    let field = |name: &str, key: &str| {
        format!("`{name}` has `{key}`, which is no field of a pod: its pod was not judged in full")
    };
    let agent = "/pipeline/agent/kubernetes";
    for (text, at, wanted) in [
        ("podTemplate((k): YAML) BODY", "/podTemplate/${k}", field("podTemplate", "${k}")),
        ("podTemplate(\"y${x}\": YAML) BODY", "/podTemplate/y${x}", field("podTemplate", "y${x}")),
        ("def m = [yaml: YAML]\nm.a = 1\npodTemplate(m) BODY", "/podTemplate/0", template.to_owned()),
        ("podTemplate(yaml: YAML, yaml: 'spec: {}') BODY", "/podTemplate/yaml[1]", several.to_owned()),
        ("podTemplate(yaml: 'spec: {}', yaml: YAML) BODY", "/podTemplate/yaml[1]", several.to_owned()),
        (
            "pipeline { agent { kubernetes { yaml 'spec: {}'\n yaml YAML } } }",
            &format!("{agent}/yaml[1]"),
            several.to_owned(),
        ),
        ("podTemplate(yaml: x ? 'spec: {}' : YAML) BODY", "/podTemplate/yaml", several.to_owned()),
        ("podTemplate(yaml: x ?: YAML) BODY", "/podTemplate/yaml", several.to_owned()),
        (
            "def a = 'spec: {}'\ndef b = YAML\npodTemplate(yaml: x ? a : b) BODY",
            "/podTemplate/yaml",
            several.to_owned(),
        ),
        ("podTemplate(yaml: ['a', YAML][1]) BODY", "/podTemplate/yaml", several.to_owned()),
        ("podTemplate(yaml: (y += YAML)) BODY", "/podTemplate/yaml", several.to_owned()),
        ("podTemplate(yaml: YAML.replace('x', 'y')) BODY", "/podTemplate/yaml", elsewhere.to_owned()),
        (
            "y = 'spec: {}'\nthis.y = YAML\npodTemplate(yaml: y) BODY",
            "/podTemplate/yaml",
            elsewhere.to_owned(),
        ),
        (
            "pipeline { agent { kubernetes { if (x) { yaml YAML } } } }",
            &format!("{agent}/if"),
            field("agent", "if"),
        ),
        (
            "pipeline { agent { kubernetes { yaml = YAML } } }",
            &format!("{agent}/yaml ="),
            field("agent", "yaml ="),
        ),
        (
            "pipeline { agent { kubernetes { this.yaml YAML } } }",
            &format!("{agent}/this.yaml"),
            field("agent", "this.yaml"),
        ),
    ] {
        let [dangerous, harmless] = both(text);
        assert_eq!(dangerous.0, ["part true"], "{text}");
        assert_eq!(harmless.0, Vec::<String>::new(), "{text}");
        for said in [dangerous.1, harmless.1] {
            assert_eq!(said.first(), Some(&format!("{at} {wanted}")), "{text}");
            assert!(said.len() > 1 && said.iter().skip(1).all(|own| own == at), "{text}: {said:?}");
        }
    }
}

#[test]
fn what_runs_something_else_is_told() {
    let library = |path: &str| {
        format!(
            "`{path}` is not defined here: what a library runs in which pod is judged in the library alone"
        )
    };
    let inside = |body: &str| format!("podTemplate(yaml: 'spec: {{}}') {{ node(POD_LABEL) {{ {body} }} }}");
    for (text, wanted) in [
        (inside("x.evaluate(y)"), format!("/podTemplate/node/x.evaluate {}", library("x.evaluate"))),
        (inside("Eval.me(y)"), format!("/podTemplate/node/Eval.me {}", library("Eval.me"))),
        (inside("def r = this.&sh; r('x y')"), format!("/podTemplate/node/r {}", library("r"))),
        (
            inside("this.\"s${x}\"('y')"),
            format!("/podTemplate/node/this.${{...}} {}", library("this.${...}")),
        ),
        (
            format!(
                "def containerTemplate(m) {{ m.privileged = true; steps.containerTemplate(m) }}\n{}",
                inside("")
            ),
            "/def containerTemplate `containerTemplate` is something else here: the pods that it makes were not judged in full".to_owned(),
        ),
    ] {
        assert_eq!(told(&text), (vec![], vec![wanted]), "{text}");
    }
    assert_eq!(told(&inside("def r = { echo it }; r('x y')\nx.run(y)")), (vec![], vec![]));
}

#[test]
fn what_is_filled_into_yaml_is_never_lost() {
    let yaml = |body: &str| format!("podTemplate(yaml: \"\"\"{body}\"\"\") {BODY}");
    let key = "/podTemplate/yaml/spec/${k}";
    let named = "`${k}` in `yaml` is worked out when the pipeline runs: what it is was not judged";
    for (text, wanted) in [
        (yaml("\nspec:\n  ${k}: true\n  containers: []\n"), vec![format!("{key} {named}"), key.to_owned()]),
        (yaml("\nspec:\n  containers: [] # ${k}\n"), vec!["/podTemplate/yaml".to_owned()]),
        (
            yaml("\nmetadata:\n  labels:\n    a: ${k}\nspec:\n  containers: []\n"),
            vec!["/podTemplate/yaml/metadata/labels/a".to_owned()],
        ),
        (yaml("\nspec:\n  ${'hostIPC'}: false # ${1} ${'a'}\n"), vec![]),
        (yaml("\nspec:\n  containers: [] # \\${k} $1\n"), vec![]),
        (yaml("\nspec:\n  containers: [] # ${k}\n").replace("\"\"\"", "'''"), vec![]),
    ] {
        assert_eq!(told(&text), (vec![], wanted), "{text}");
    }
    let many: String = (0..40).map(|at| format!("  ${{k{at}}}: 1\n")).collect();
    let found = pipeline(&yaml(&format!("\nspec:\n{many}")));
    assert_eq!((reasons(&found).len(), found.subjects[0].entry.unresolved.len()), (16, 40));
    let privileged = |value: &str| {
        let context = format!("securityContext:\n      privileged: {value}");
        let text = yaml(&format!("\nspec:\n  containers:\n  - name: a\n    image: b\n    {context}\n"));
        let found = pipeline(&text);
        (spec(&found.subjects[0])["containers"][0]["securityContext"].clone(), reasons(&found).len())
    };
    // What is open in the place of a truth value is not judged as one.
    for value in ["${!false}", "${~0}", "${x}", "${x.f()}", "${x ? true : false}", "${}", "${y++}", "${-x}"] {
        assert_eq!(privileged(value), (json!({}), 1), "{value}");
    }
    // A method of somebody else is told as well.
    assert_eq!(privileged("${f()}"), (json!({}), 2));
    for (value, wanted) in [("${true}", true), ("${false}", false), ("${'tr' + 'ue'}", true)] {
        assert_eq!(privileged(value), (json!({"privileged": wanted}), 0), "{value}");
    }
}

#[test]
fn what_is_filled_in_stands_in_braces_as_well() {
    let pod = |container: &str| {
        format!("podTemplate(yaml: \"\"\"\nspec: {{containers: [{container}]}}\n\"\"\") {BODY}")
    };
    let at = |rest: &str| format!("/podTemplate/yaml/spec/containers/0/{rest}");
    let read = |container: &str| {
        let mut found = pipeline(&pod(container));
        assert_eq!(found.subjects.len(), 1, "{container}: {:?}", reasons(&found));
        let subject = found.subjects.remove(0);
        let mut container = spec(&subject)["containers"][0].clone();
        container.as_object_mut().unwrap().remove("volumeMounts");
        (container, subject.entry.unresolved.clone(), reasons(&found))
    };
    let privileged = json!({"privileged": true});
    for (image, wanted) in [
        ("${params.X}", "${params.X}"),
        ("${env.f(1)}", "${...}"),
        ("a:${x}", "a:${x}"),
        ("\\\"${x}/$(y)\\\"", "${x}/$(y)"),
        ("${}", "${}"),
    ] {
        let (own, unresolved, reasons) =
            read(&format!("{{name: a, image: {image}, securityContext: {{privileged: true}}}}"));
        assert_eq!(own, json!({"name": "a", "image": wanted, "securityContext": privileged}), "{image}");
        assert_eq!((unresolved, reasons), (vec![at("image")], vec![]), "{image}");
    }
    // As JSON, too, and in the place of a truth value, of a key, and in what is no text.
    let (own, unresolved, reasons) = read(
        "{\\\"name\\\": \\\"a\\\", \\\"image\\\": ${x}, \\\"securityContext\\\": {\\\"privileged\\\": ${y}}}",
    );
    assert_eq!(own, json!({"name": "a", "image": "${x}", "securityContext": {}}));
    assert_eq!(unresolved, [at("securityContext/privileged"), at("image")]);
    let reason = "`privileged` is worked out when the pipeline runs: what it is was not judged";
    assert_eq!(reasons, [format!("{} {reason}", at("securityContext/privileged"))]);
    let (own, unresolved, reasons) = read("{name: a, ${k}: b, args: [${x}, c, 'd ${y}']}");
    assert_eq!(own, json!({"name": "a", "args": ["${x}", "c", "d ${y}"]}));
    assert_eq!((unresolved.len(), reasons.len()), (3, 1), "{unresolved:?} {reasons:?}");
    // Its place is that of what is filled in.
    let text = pod("{name: a, image: ${params.X}, command: [${f()}]}");
    let subject = one(&text);
    assert_eq!(written(&subject, "/spec/containers/0/image"), "${params.X}");
    assert_eq!(written(&subject, "/spec/containers/0/command/0"), "${f()}");
    // What is wrong in another way is told as before.
    let found = pipeline(&pod("{name: a, image: ${x}, b: {{}, c]"));
    assert_eq!((found.subjects.len(), found.not_evaluated[0].cause), (1, crate::report::Cause::Template));
}

#[test]
fn fields_that_are_no_fields_are_told() {
    let container = |more: &str| {
        format!("podTemplate(containers: [containerTemplate(name: 'a', image: 'b', {more})]) {BODY}")
    };
    for more in ["(k): true", "\"priv${x}\": true", "*: m"] {
        let found = pipeline(&container(more));
        let reasons = reasons(&found);
        assert_eq!(reasons.len(), 1, "{more}: {reasons:?}");
        assert!(
            reasons[0].contains("`containerTemplate` has something that is worked out elsewhere"),
            "{more}"
        );
        assert!(found.subjects[0].entry.partial, "{more}");
    }
    for more in ["('privileged'): true", "*: [privileged: true]", "privileged: true, (k): 1"] {
        let found = pipeline(&container(more));
        let context = spec(&found.subjects[0])["containers"][0]["securityContext"].clone();
        assert_eq!(context, json!({"privileged": true}), "{more}");
    }
    assert_eq!(reasons(&pipeline(&container("privileged: false"))), Vec::<String>::new());
    // Of what is given twice, either may count.
    assert_eq!(reasons(&pipeline(&container("privileged: false, privileged: true"))).len(), 1);
    let condition = "pipeline { agent { kubernetes { containerTemplate { name 'a'; image 'b'; if (x) { privileged true } } } } }";
    assert!(one(condition).entry.partial);
}

#[test]
fn variables_and_annotations_that_are_not_known_are_told() {
    let with = |field: &str| {
        format!("podTemplate({field}, containers: [containerTemplate(name: 'a', image: 'b')]) {BODY}")
    };
    let inner = |list: &str| {
        format!("podTemplate(containers: [containerTemplate(name: 'a', image: 'b', envVars: {list})]) {BODY}")
    };
    let variable = json!([{"name": "A", "value": "b"}]);
    let env = |text: &str| {
        let found = pipeline(text);
        (spec(&found.subjects[0])["containers"][0].get("env").cloned(), found.subjects[0].entry.partial)
    };
    for list in ["[f()]", "x", "[envVar((k): 'A', value: 'b')]", "[envVar(key: k, value: 'b')]", "f()"] {
        assert_eq!(env(&with(&format!("envVars: {list}"))), (None, true), "{list}");
        assert!(env(&inner(list)).1, "{list}");
    }
    for list in ["[x ? envVar(key: 'A', value: 'b') : y]", "x ? [envVar(key: 'A', value: 'b')] : []"] {
        assert_eq!(env(&with(&format!("envVars: {list}"))), (Some(variable.clone()), true), "{list}");
    }
    for list in ["[envVar(key: 'A', value: 'b')]", "[[key: 'A', value: 'b']]"] {
        assert_eq!(env(&with(&format!("envVars: {list}"))), (Some(variable.clone()), false), "{list}");
        assert_eq!(env(&inner(list)), (Some(variable.clone()), false), "{list}");
    }
    // The agent has those of the template, however it is written, under its own.
    let agent = |yaml: &str| {
        let list = "[envVar(key: 'A', value: 'b'), envVar(key: 'C', value: 'd')]";
        let found = pipeline(&format!("podTemplate(yaml: '{yaml}', envVars: {list}) {BODY}"));
        spec(&found.subjects[0])["containers"].as_array().unwrap().last().unwrap()["env"].clone()
    };
    let both = json!([{"name": "A", "value": "b"}, {"name": "C", "value": "d"}]);
    assert_eq!(agent("spec: {containers: [{name: x}]}"), both);
    assert_eq!(agent("spec: {containers: [{name: jnlp}]}"), both);
    let over = json!([{"name": "A", "value": "e"}, {"name": "C", "value": "d"}]);
    assert_eq!(agent("spec: {containers: [{name: jnlp, env: [{name: A, value: e}]}]}"), over);
    let annotations = |list: &str| {
        let found = pipeline(&with(&format!("annotations: {list}")));
        (metadata(&found.subjects[0]), found.subjects[0].entry.partial)
    };
    let annotated = json!({"annotations": {"a": "b"}});
    for list in ["[f()]", "x", "[podAnnotation((k): 'a', value: 'b')]"] {
        assert_eq!(annotations(list), (json!({}), true), "{list}");
    }
    let one = "podAnnotation(key: 'a', value: 'b')";
    assert_eq!(annotations(&format!("x ? [{one}] : []")), (annotated.clone(), true));
    assert_eq!(annotations(&format!("[{one}]")), (annotated, false));
    for field in ["serviceAccount: x", "nodeSelector: x", "nodeSelector: f()"] {
        assert_eq!(pipeline(&with(field)).subjects[0].entry.unresolved.len(), 1, "{field}");
    }
    assert_eq!(pipeline(&with("serviceAccount: 'x'")).subjects[0].entry.unresolved, Vec::<String>::new());
}

#[test]
fn parts_of_pods_in_texts_are_judged() {
    let judged = |text: &str| -> Vec<Value> {
        pipeline(&format!("@Library('a') _\nx({text})")).subjects.iter().map(spec).collect()
    };
    let container =
        json!({"containers": [{"name": "", "securityContext": {"privileged": true}}], "volumes": []});
    for text in [
        "'''\nsecurityContext:\n  privileged: true\n'''",
        "'securityContext: {privileged: true}'",
        "'{privileged: true}'",
    ] {
        assert_eq!(judged(text), std::slice::from_ref(&container), "{text}");
    }
    assert_eq!(
        judged("'''\n- name: a\n  hostPath: {path: /}\n'''"),
        [json!({"containers": [], "volumes": [{"name": "a", "hostPath": {"path": "/"}}]})]
    );
    assert_eq!(judged("'{hostPID: true}'"), [json!({"containers": [], "hostPID": true})]);
    for text in [
        "'privileged containers'",
        "'{privileged: '",
        "'{hostPath: x}'",
        "'securityContext: 1'",
        "'''\nhostPath\n'''",
    ] {
        assert_eq!(judged(text), Vec::<Value>::new(), "{text}");
    }
}

#[test]
fn a_text_that_is_stripped_is_one_text() {
    for end in ["", ".stripIndent()", ".stripMargin('|').trim().toString()"] {
        let text = format!(
            "podTemplate(yaml: '''\n  spec:\n    hostPID: true\n    containers: []\n'''{end}) {BODY}"
        );
        let subject = one(&text);
        assert_eq!(spec(&subject)["hostPID"], json!(true), "{end}");
        assert_eq!(written(&subject, "/spec/hostPID"), "true", "{end}");
    }
    let lines = "podTemplate(yaml: ['spec:', '  hostPID: true', '  containers: []'].join('\\n')) {}";
    let subject = one(lines);
    assert_eq!(written(&subject, "/spec/hostPID"), "true");
}
