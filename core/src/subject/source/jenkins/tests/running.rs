//! What runs in pods, and what is set for it.

use serde_json::{Value, json};

use super::{Subject, one, part, pipeline, spec, written};

#[test]
fn what_docker_is_told_is_not_lost() {
    let args = |options: &str| {
        let body = format!("docker.image('x').inside({options}) {{}}");
        let text =
            format!("podTemplate(yaml: 'spec: {{containers: []}}') {{ node(POD_LABEL) {{ {body} }} }}");
        let pod = one(&text);
        (spec(&pod)["containers"][0]["args"].clone(), pod.entry.unresolved.len())
    };
    assert_eq!(args("'-v /:/h'"), (json!(["docker run -v /:/h\n"]), 0));
    assert_eq!(args("x ? '-v /:/h' : ''"), (json!(["${x}\n", "docker run -v /:/h\n"]), 1));
    assert_eq!(args("x"), (json!(["${x}\n"]), 1));
    assert_eq!(args("f()"), (json!(["${...}\n"]), 1));
    let twice = one("pipeline { agent { docker { image 'x'\n args '-v /a:/a'\n args '-v /:/h' } } }");
    assert_eq!(
        spec(&twice)["containers"][0]["args"],
        json!(["docker run -v /:/h\n", "docker run -v /a:/a\n"])
    );
}

#[test]
fn steps_of_methods_run_in_some_pod() {
    let pod = "podTemplate(yaml: 'spec: {containers: []}') { node(POD_LABEL) { f() } }";
    for code in [
        "def f() { sh 'a b' }",
        "def f = { sh 'a b' }",
        "class A { def f(s) { s.sh 'a b' } }",
        "def m = [f: { pwsh 'a b' }]",
    ] {
        let found = pipeline(&format!("{code}\n{pod}"));
        let steps: Vec<&Subject> = found.subjects.iter().filter(|one| one.entry.partial).collect();
        let specs: Vec<Value> = steps.iter().map(|one| spec(one)).collect();
        assert_eq!(specs, [json!({"containers": [{"name": "steps", "args": ["a b\n"]}]})], "{code}");
        assert_eq!(written(steps[0], "/spec/containers/0/args/0"), "'a b'", "{code}");
    }
    // What runs on another agent, or where no pod is asked for, runs in none.
    for text in [format!("node('x') {{ sh 'a b' }}\n{pod}"), "def f() { sh 'a b' }".to_owned()] {
        assert!(pipeline(&text).subjects.iter().all(|one| !one.entry.partial), "{text}");
    }
    let script = |step: &str| part(&pod.replace("f()", step), "/containers/0/args");
    assert_eq!(script("sh(x ? 'a b' : 'c d')"), json!(["${x}\n", "a b\n", "c d\n"]));
    assert_eq!(script("sh(script: g(), returnStdout: true)"), json!(["${...}\n"]));
    assert_eq!(script("sh(('script'): 'a b')"), json!(["a b\n"]));
    assert_eq!(one(&pod.replace("f()", "sh((k): 'a b')")).entry.unresolved.len(), 1);
}

#[test]
fn the_environment_is_set_by_commands() {
    let host = "DOCKER_HOST = 'tcp://d:2375'";
    let exported = json!("export DOCKER_HOST='tcp://d:2375'\n");
    let agent = "agent { kubernetes { yaml 'spec: {containers: []}' } }";
    let pod = |body: &str| {
        format!("podTemplate(yaml: 'spec: {{containers: []}}') {{ node(POD_LABEL) {{ {body} }} }}")
    };
    let environment = format!("environment {{ {host} }}");
    let stage = |more: &str| format!("stages {{ stage('a') {{ {more}\n steps {{ sh 'b c' }} }} }}");
    for text in [
        format!("pipeline {{ {agent}\n {environment}\n {} }}", stage("")),
        format!("pipeline {{ {agent}\n {} }}", stage(&environment)),
        format!("pipeline {{ agent none\n {environment}\n {} }}", stage(agent)),
        pod(&format!("env.{host}; sh 'b c'")),
        pod("env.setProperty('DOCKER_HOST', 'tcp://d:2375'); sh 'b c'"),
        pod("env.putAt('DOCKER_HOST', 'tcp://d:2375'); sh 'b c'"),
        pod("withEnv(['DOCKER_HOST=tcp://d:2375']) { sh 'b c' }"),
        format!("withEnv(['DOCKER_HOST=tcp://d:2375']) {{ {} }}", pod("sh 'b c'")),
    ] {
        let pod = pipeline(&text).subjects.remove(0);
        assert_eq!(spec(&pod)["containers"][0]["args"], json!([exported, "b c\n"]), "{text}");
        assert!(written(&pod, "/spec/containers/0/args/0").contains("tcp://d:2375"), "{text}");
    }
    let open = spec(&pipeline(&pod("env.setProperty(name(), 'x'); sh 'b c'")).subjects[0]);
    assert_eq!(open["containers"][0]["args"], json!(["${...}\n", "b c\n"]));
    // The environment of one stage is not that of the next.
    let text = format!(
        "pipeline {{ agent none\n stages {{ stage('a') {{ {agent}\n {environment} }}\n stage('b') {{ {agent}\n steps {{ sh 'b c' }} }} }} }}"
    );
    assert_eq!(spec(&pipeline(&text).subjects[1])["containers"][0]["args"], json!(["b c\n"]));
    let secret = format!("pipeline {{ {agent}\n environment {{ A = credentials('x') }} }}");
    assert_eq!(spec(&one(&secret))["containers"][0].get("args"), None);
}
