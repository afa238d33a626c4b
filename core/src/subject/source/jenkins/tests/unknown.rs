//! What is not known of a pipeline, and pods that nothing known is given.

use serde_json::{Value, json};

use super::{Subject, notes, one, part, pipeline, read_file, reasons, spec, written};

/// What is not evaluated, and nothing judged.
fn none(text: &str) -> Vec<String> {
    let found = pipeline(text);
    assert_eq!(found.subjects.iter().map(spec).collect::<Vec<_>>(), Vec::<Value>::new(), "{text}");
    reasons(&found)
}

#[test]
fn what_is_not_known_is_not_clean() {
    let library =
        "`buildPlugin` is not defined here: what a library runs in which pod is judged in the library alone";
    for (text, wanted) in [
        ("buildPlugin(configurations: [])", vec![format!("/buildPlugin {library}")]),
        ("@Library('x') _\nbuildPlugin()", vec![format!("/buildPlugin {library}")]),
        ("pipeline { agent any\n stages {} }", vec!["/pipeline/agent `agent any` runs on an agent that only the controller's settings describe".to_owned()]),
        ("pipeline { agent { label 'x' } }", vec!["/pipeline/agent `agent { label … }` runs on an agent that only the controller's settings describe".to_owned()]),
        ("node('linux') { echo 'make' }", vec!["/node `node('linux')` runs on an agent that only the controller's settings describe".to_owned()]),
        ("node { }", vec!["/node `node` runs on an agent that only the controller's settings describe".to_owned()]),
        ("class A { def b() { c.d(e) } }", vec![" Groovy in which nothing asks for a pod".to_owned()]),
        ("load 'x.groovy'", vec!["/load `load` runs another file, which is judged by itself alone".to_owned()]),
        ("println 'x'", vec![" Groovy in which nothing asks for a pod".to_owned()]),
        ("", vec![" Groovy in which nothing asks for a pod".to_owned()]),
    ] {
        assert_eq!(none(text), wanted, "{text}");
    }
    for (text, wanted) in [
        (
            "podTemplate(inheritFrom: 'base') { node(POD_LABEL) {} }",
            "/podTemplate/inheritFrom `inheritFrom` names `base`: the templates of the controller are judged in its own settings",
        ),
        (
            "pipeline { agent { kubernetes { yamlFile 'a.yaml' } } }",
            "/pipeline/agent/kubernetes/yamlFile `yamlFile` names `a.yaml`: the pod in it is judged in its own file alone",
        ),
        (
            "pipeline { agent { kubernetes { yaml libraryResource('a') } } }",
            "/pipeline/agent/kubernetes/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(yaml: podYaml) {}",
            "/podTemplate/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(yaml: \"${podYaml}\") {}",
            "/podTemplate/yaml `yaml` is worked out when the pipeline runs: the pod in it was not judged",
        ),
        (
            "podTemplate(pods.maven()) { }",
            "/podTemplate/0 `podTemplate` is given what is worked out when the pipeline runs: its pod was not judged in full",
        ),
    ] {
        let found = pipeline(text);
        assert_eq!(reasons(&found), [wanted], "{text}");
        let pod = &found.subjects[0];
        assert!(pod.entry.partial, "{text}");
        assert_eq!(notes(pod).len(), 2, "{text}");
        assert_eq!(pod.entry.unresolved.len(), 1, "{text}");
    }
    let broken = "podTemplate(yaml: '''\nspec: {containers: [}\n''') {}";
    assert_eq!(
        reasons(&pipeline(broken)),
        ["/podTemplate/yaml the pod in `yaml`: not valid YAML: `[` is closed by `}`"]
    );
    let open = "podTemplate(yaml: \"spec: ]${a}\") {}";
    assert!(reasons(&pipeline(open))[0].ends_with("it can be read only when it is filled in"));
    let containers =
        one("podTemplate(containers: [x, containerTemplate(name: 'a', image: 'b')], volumes: more) {}");
    assert_eq!(containers.entry.unresolved, ["/podTemplate/containers/0", "/podTemplate/volumes"]);
    assert!(containers.entry.partial);
    let open =
        one("podTemplate(containers: [containerTemplate(name: 'a', image: 'b', privileged: params.P)]) {}");
    assert_eq!(
        notes(&open),
        [
            json!([{"author-pod": []}, "/podTemplate"]),
            json!(["Open", "/podTemplate/containers/0/containerTemplate()/privileged"])
        ]
    );
}

#[test]
fn pods_that_nothing_known_is_given_are_parts() {
    let text = "def pod(x) {\n  return \"\"\"\nspec:\n  containers:\n  - name: a\n    image: ${x}\n    securityContext: {privileged: true}\n\"\"\"\n}\npodTemplate(yaml: pod('y')) { node(POD_LABEL) {} }";
    let found = pipeline(text);
    let stray =
        found.subjects.iter().find(|subject| subject.entry.object.pointer == "/def pod/return").unwrap();
    assert!(stray.entry.partial);
    assert_eq!(spec(stray)["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(written(stray, "/spec/containers/0/securityContext/privileged"), "true");
    let text = "def all = []\nall << containerTemplate(name: 'a', image: 'b', privileged: true)\npodTemplate(containers: all, volumes: base + [hostPathVolume(hostPath: '/x', mountPath: '/x')]) { node(POD_LABEL) {} }";
    let found = pipeline(text);
    let privileged = |subject: &Subject| {
        spec(subject).pointer("/containers/0/securityContext/privileged") == Some(&json!(true))
    };
    assert_eq!(found.subjects.iter().filter(|subject| privileged(subject)).count(), 1);
    assert!(found.subjects.iter().any(
        |subject| spec(subject)["volumes"][0] == json!({"name": "volume-0", "hostPath": {"path": "/x"}})
    ));
    // What a variable stands for is judged once, where it is used.
    let text = "def y = '''\nspec:\n  hostPID: true\n  containers: []\n'''\npipeline { agent { kubernetes { yaml y } } }";
    assert_eq!(part(text, "/hostPID"), json!(true));
    assert_eq!(written(&one(text), "/spec/hostPID"), "true");
}

#[test]
fn both_sides_of_a_condition_are_judged() {
    let volume = |at: usize, path: &str| json!({"name": format!("volume-{at}"), "hostPath": {"path": path}});
    for (given, wanted) in [
        ("params.X ? [hostPathVolume(hostPath: '/', mountPath: '/h')] : []", vec![volume(0, "/")]),
        (
            "[params.X ? hostPathVolume(hostPath: '/', mountPath: '/h') : emptyDirVolume(mountPath: '/h')]",
            vec![volume(0, "/")],
        ),
        ("f() ? [] : (g ? [hostPathVolume(hostPath: '/', mountPath: '/h')] : [])", vec![volume(0, "/")]),
        (
            "[hostPathVolume(hostPath: '/a', mountPath: '/a')] + (x ? [hostPathVolume(hostPath: '/', mountPath: '/h')] : [])",
            vec![volume(0, "/a"), volume(1, "/")],
        ),
        ("x.findAll { it }.collect([hostPathVolume(hostPath: '/', mountPath: '/h')])", vec![volume(0, "/")]),
    ] {
        let found = pipeline(&format!("podTemplate(volumes: {given}) {{ node(POD_LABEL) {{}} }}"));
        let volumes: Vec<Value> = found
            .subjects
            .iter()
            .flat_map(|one| spec(one)["volumes"].as_array().cloned().unwrap_or_default())
            .filter(|volume| volume.get("hostPath").is_some())
            .collect();
        assert_eq!(volumes, wanted, "{given}");
        assert!(reasons(&found).iter().any(|reason| reason.contains("`volumes`")), "{given}");
        let pod = &found.subjects[0];
        assert!(pod.entry.partial && notes(pod).iter().any(|note| note[0] == "reference"), "{given}");
    }
    let text = "podTemplate(containers: x ? [containerTemplate(name: 'a', image: 'b', privileged: true)] : [], workspaceVolume: x ? emptyDirWorkspaceVolume() : hostPathWorkspaceVolume(hostPath: '/w')) { node(POD_LABEL) {} }";
    assert_eq!(part(text, "/containers/0/securityContext/privileged"), json!(true));
    assert_eq!(part(text, "/volumes/0/hostPath/path"), json!("/w"));
    let text = "pipeline { agent { kubernetes { yaml f(\"\"\"\nspec:\n  hostPID: true\n  containers: []\n\"\"\") } } }";
    assert!(pipeline(text).subjects.iter().any(|one| spec(one)["hostPID"] == json!(true)));
}

#[test]
fn steps_of_libraries_are_told_wherever_they_are_called() {
    let told = |text: &str| -> Vec<String> {
        let wanted = " is not defined here: what a library runs in which pod is judged in the library alone";
        reasons(&pipeline(text))
            .into_iter()
            .filter_map(|reason| reason.strip_suffix(wanted).map(str::to_owned))
            .collect()
    };
    let agent = "agent { kubernetes { yaml 'spec: {containers: [{name: a, image: b}]}' } }";
    let declarative =
        |steps: &str| format!("pipeline {{ {agent}\n stages {{ stage('a') {{ steps {{ {steps} }} }} }} }}");
    let at = "/pipeline/stages/stage/steps";
    for (text, wanted) in [
        (
            format!("@Library('x') _\n{}", declarative("dockerBuildPrivileged()")),
            vec![format!("{at}/dockerBuildPrivileged `dockerBuildPrivileged`")],
        ),
        (
            declarative("build1()\n build1()\n build2(a: 1)"),
            vec![format!("{at}/build1 `build1`"), format!("{at}/build2 `build2`")],
        ),
        (
            declarative("script { if (isUnix()) { deploy 'x' } }"),
            vec![format!("{at}/script/if/deploy `deploy`")],
        ),
        (declarative("script { def x = makeIt() }"), vec![format!("{at}/script/def x/makeIt() `makeIt`")]),
        (
            declarative(
                "sh(script: 'make', returnStdout: true)\n echo env.A.trim()\n timeout(time: 1, unit: 'HOURS') { junit testResults: 'a', allowEmptyResults: true }",
            ),
            vec![],
        ),
        (format!("def deploy() {{ sh 'x' }}\n{}", declarative("deploy()")), vec![]),
    ] {
        assert_eq!(told(&text), wanted, "{text}");
    }
    let many = (0..40).map(|at| format!("step{at}x()\n")).collect::<String>();
    assert_eq!(told(&declarative(&many)).len(), 16);
}

#[test]
fn images_of_docker_are_known_however_they_are_made() {
    let pod = |body: &str| {
        format!("podTemplate(yaml: 'spec: {{containers: []}}') {{ node(POD_LABEL) {{ {body} }} }}")
    };
    let privileged = json!({"privileged": true});
    for body in [
        "docker.build('x').inside('--privileged -v /:/host') {}",
        "def i = docker.build('x'); i.inside('--privileged -v /:/host') {}",
        "i = docker.image('x'); i.withRun('--privileged -v /:/host') {}",
        "def i = docker.build('x'); def c = i.run('--privileged -v /:/host')",
        "docker.withRegistry('r') { docker.build('x').run('--privileged -v /:/host') }",
        "helper.image().inside('--privileged -v /:/host') {}",
    ] {
        let found = pipeline(&pod(body));
        let container = spec(&found.subjects[0])["containers"][0].clone();
        assert_eq!(container["securityContext"], privileged, "{body}");
    }
    assert_eq!(spec(&one(&pod("x.run('--privileged')")))["containers"][0].get("args"), None);
}

#[test]
fn what_makes_jobs_or_agents_is_told() {
    let job = |name: &str| {
        format!("`{name}` makes jobs when it runs: give their pipelines as files to have them judged")
    };
    let text = "pipelineJob('x') { definition { cps { script('''node { sh 'a' }''') } } }\n\
        pipelineJob('y') { description 'z' }\n['a'].each { n -> job(n) { steps { shell('a') } } }";
    let told = |file: &str, text: &str| reasons(&read_file(file, text));
    for file in ["seed.groovy", "Jenkinsfile"] {
        let said = told(file, text);
        assert_eq!(said.first(), Some(&format!("/pipelineJob {}", job("pipelineJob"))), "{said:?}");
        assert!(said.iter().any(|one| one.ends_with(&job("job"))), "{said:?}");
        assert_eq!(said.iter().filter(|one| one.contains("makes jobs")).count(), 2, "{said:?}");
    }
    let package = "org.csanchez.jenkins.plugins.kubernetes";
    let classes =
        format!(" it uses `{package}`: agents that a program sets up by its classes are not judged");
    for text in [
        format!("import {package}.*\ndef c = new ContainerTemplate('a', 'b')\nc.setPrivileged(true)"),
        format!("cloud.addTemplate(new {package}.PodTemplate())"),
    ] {
        assert_eq!(told("init.groovy", &text), std::slice::from_ref(&classes), "{text}");
    }
    for text in ["build(job: 'x')", "def job = 'x'\necho job", "job.each { x -> y() }"] {
        assert_eq!(told("a.groovy", text), [" Groovy in which nothing asks for a pod"], "{text}");
    }
}
