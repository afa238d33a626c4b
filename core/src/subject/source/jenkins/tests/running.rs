//! What runs in pods, and what is set for it.

use serde_json::{Value, json};

use super::{Subject, notes, one, part, pipeline, reasons, spec, written};

/// The parts of pods in a program, and how many of their places are not resolved.
fn parts(text: &str) -> Vec<(Value, usize)> {
    let found = pipeline(text);
    let parts = found.subjects.iter().filter(|one| one.entry.partial);
    parts.map(|one| (spec(one), one.entry.unresolved.len())).collect()
}

/// The container that Docker makes, with the root of the machine in it, or another folder.
fn mounting(path: &str, more: &Value) -> Value {
    let mut container = json!({"name": "docker", "volumeMounts": [{"name": "v0", "mountPath": "/h"}]});
    container.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"containers": [container], "volumes": [{"name": "v0", "hostPath": {"path": path}}]})
}

fn in_pod(body: &str) -> String {
    format!("podTemplate(yaml: 'spec: {{containers: []}}') {{ node(POD_LABEL) {{ {body} }} }}")
}

#[test]
fn what_docker_is_told_makes_a_container() {
    let root = || mounting("/", &json!({}));
    let open = || json!({"containers": [{"name": "docker"}]});
    let around: [fn(&str) -> String; 6] = [
        |options| in_pod(&format!("docker.image('x').inside({options}) {{}}")),
        |options| format!("node('x') {{ docker.build('x').withRun({options}) {{}} }}"),
        |options| format!("def i = docker.image('x'); node {{ i.run({options}) }}"),
        |options| format!("pipeline {{ agent {{ dockerfile {{ args({options}) }} }} }}"),
        |options| in_pod(&format!("withDockerContainer(args: {options}, toolName: 't') {{}}")),
        |options| format!("node {{ withDockerContainer([args: {options}]) {{}} }}"),
    ];
    for around in around {
        let told = |options: &str| parts(&around(options));
        assert_eq!(told("'-v /:/h'"), [(root(), 0)]);
        assert_eq!(told("'''-v\n\"/\"':/h' '''"), [(root(), 0)]);
        // A condition may be the value, too.
        assert_eq!(told("x ? '-v /:/h' : ''"), [(root(), 1)]);
        let both = [(root(), 1), (mounting("/a", &json!({})), 1)];
        assert_eq!(told("x ? '-v /:/h' : '-v /a:/h'"), both);
        assert_eq!(told("x"), [(open(), 1)]);
        assert_eq!(told("f()"), [(open(), 1)]);
        assert_eq!(told("\"-v /:/h ${x}\""), [(root(), 1)]);
        assert_eq!(told("'-v /:/h \"'"), [(root(), 1)]);
        assert_eq!(told("''"), []);
        // A text put together of literals is one.
        assert_eq!(told("['-v', '/:/h'].join(' ')"), [(root(), 0)]);
        assert_eq!(parts(&format!("def l = ['-v', '/:/h']\n{}", around("l.join(' ')"))), [(root(), 0)]);
        assert_eq!(parts(&format!("def l = []\nl << '-v'\n{}", around("l.join(' ')"))), [(open(), 1)]);
    }
    let twice = "pipeline { agent { docker { image 'x'\n args '-v /a:/h'\n args '-v /:/h' } } }";
    let image = json!({"image": "x"});
    assert_eq!(parts(twice), [(mounting("/", &image), 0), (mounting("/a", &image), 0)]);
}

#[test]
fn what_docker_is_told_and_is_not_known_is_told() {
    let method = "docker.image('x').METHOD(OPTIONS)";
    let agent = "pipeline { agent { docker { image 'x'\n args OPTIONS } } }";
    let step = "withDockerContainer(image: 'x', args: OPTIONS) {}";
    let unknown = "is worked out when the pipeline runs: what Docker is told was not judged";
    let either = "hangs on a condition: both sides were judged, where they are known";
    let in_part = "has options that are worked out when the pipeline runs: they were not judged";
    for (form, what, at) in [
        (method.replace("METHOD", "inside"), "inside", "/docker.image.inside"),
        (method.replace("METHOD", "withRun"), "withRun", "/docker.image.withRun"),
        (method.replace("METHOD", "run"), "run", "/docker.image.run"),
        (agent.to_owned(), "args", "/pipeline/agent/docker/args"),
        (step.to_owned(), "args", "/withDockerContainer/args"),
    ] {
        for (options, reason) in [
            ("x", Some(unknown)),
            ("env.f('y')", Some(unknown)),
            ("x ? env.f() : \"${y}\"", Some(unknown)),
            ("x ? '-v /:/h' : ''", Some(either)),
            ("x ? '-v /:/h' : env.f()", Some(either)),
            ("\"-v /:/h ${x}\"", Some(in_part)),
            ("\"${x} -v /:/h\"", Some(in_part)),
            ("\"--init ${x}\"", Some(in_part)),
            ("\"-v ${x}:/h -u ${y}\"", None),
            ("'-v /:/h $x'", None),
            ("''", None),
        ] {
            let found = pipeline(&form.replace("OPTIONS", options));
            let mut told = reasons(&found);
            told.retain(|one| !one.contains("`agent {"));
            let wanted = reason.map(|reason| format!("{at} `{what}` {reason}"));
            let is_none = told.iter().all(|one| one.ends_with("nothing asks for a pod"));
            match wanted {
                Some(wanted) => assert_eq!(told, [wanted], "{form} {options}"),
                None => assert!(is_none, "{form} {options}: {told:?}"),
            }
            let noted: Vec<usize> = found.subjects.iter().map(|one| notes(one).len()).collect();
            let one = usize::from(reason.is_some());
            assert!(noted.iter().all(|own| *own == one), "{form} {options}: {noted:?}");
            assert!(reason.is_none() || !noted.is_empty(), "{form} {options}");
        }
    }
    // An image that is run without options tells nothing.
    assert_eq!(reasons(&pipeline("docker.image('x').inside { sh 'a b' }")), Vec::<String>::new());
}

#[test]
fn the_steps_of_docker_are_judged_as_its_methods() {
    let container = |given: &str| parts(&in_pod(&format!("withDockerContainer({given}) {{ sh 'a b' }}")));
    let wanted = |more: Value| {
        let mut one = json!({"name": "docker", "image": "x", "args": ["a b\n"]});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        [(json!({"containers": [one]}), 0)]
    };
    for given in ["'x'", "image: 'x', toolName: 't'", "[image: 'x']"] {
        assert_eq!(container(given), wanted(json!({})), "{given}");
    }
    for given in [
        "image: 'x', args: '--privileged'",
        "'x', args: '--privileged'",
        "[image: 'x', args: '--privileged']",
        "args: ['--privileged'].join(' '), image: 'x'",
    ] {
        assert_eq!(container(given), wanted(json!({"securityContext": {"privileged": true}})), "{given}");
    }
    let library = "is not defined here: what a library runs in which pod is judged in the library alone";
    assert_eq!(
        reasons(&pipeline(&in_pod("withDockerContainer('x') { f('y') }"))),
        [format!("/podTemplate/node/withDockerContainer/f `f` {library}")]
    );
    let scripts = |given: &str| {
        part(&in_pod(&format!("withDockerServer({given}) {{ sh 'a b' }}")), "/containers/0/args")
    };
    let over_tls = json!(["export DOCKER_TLS_VERIFY='1'\n", "export DOCKER_HOST='tcp://d:2375'\n", "a b\n"]);
    for given in
        ["[uri: 'tcp://d:2375', credentialsId: 'c']", "server: [credentialsId: 'c', uri: 'tcp://d:2375']"]
    {
        assert_eq!(scripts(given), over_tls, "{given}");
    }
    for given in [
        "[uri: 'tcp://d:2375', credentialsId: '']",
        "[uri: 'tcp://d:2375', credentialsId: x]",
        "[uri: 'tcp://d:2375', credentialsId: f()]",
        "[uri: 'tcp://d:2375', credentialsId: null]",
        "uri: 'tcp://d:2375'",
        "server: [uri: 'tcp://d:2375']",
        "[server: [uri: 'tcp://d:2375']]",
    ] {
        assert_eq!(scripts(given), json!(["export DOCKER_HOST='tcp://d:2375'\n", "a b\n"]), "{given}");
    }
    for given in ["env.f()", "server: env.f()", "uri: env.f()", "[uri: env.f()]"] {
        assert_eq!(scripts(given), json!(["${...}\n", "a b\n"]), "{given}");
    }
    for given in ["", "[credentialsId: 'c']", "uri: ''", "[:]"] {
        assert_eq!(scripts(given), json!(["a b\n"]), "{given}");
    }
    for step in [
        "withDockerRegistry([url: 'u', credentialsId: 'c'])",
        "withKubeCredentials([x])",
        "withDockerServer([uri: ''])",
    ] {
        let text = in_pod(&format!("{step} {{ sh 'a b' }}"));
        assert_eq!(reasons(&pipeline(&text)), Vec::<String>::new(), "{step}");
        assert_eq!(part(&text, "/containers/0/args"), json!(["a b\n"]), "{step}");
    }
}

#[test]
fn steps_run_in_the_container_that_docker_makes() {
    let all = "pipeline { agent { docker { image 'x'\n args '--privileged --pid=host -v /:/h' } }\n stages { stage('a') { steps { sh 'b c' } } } }";
    let more = json!({"args": ["b c\n"], "image": "x", "securityContext": {"privileged": true}});
    let mut wanted = mounting("/", &more);
    wanted.as_object_mut().unwrap().insert("hostPID".to_owned(), json!(true));
    assert_eq!(parts(all), [(wanted, 0)]);
    let containers = |text: &str| -> Vec<Value> {
        parts(text).into_iter().map(|(spec, _)| spec["containers"][0].clone()).collect()
    };
    assert_eq!(
        containers("node { docker.image('x').inside { sh 'b c' } }"),
        [json!({"name": "docker", "args": ["b c\n"]})]
    );
    assert_eq!(
        containers("pipeline { agent { docker 'x' }\n stages { stage('a') { steps { sh 'b c' } } } }"),
        [json!({"name": "docker", "image": "x", "args": ["b c\n"]})]
    );
    // What is given to `withRun` runs beside its container, and a container of the pod is another one.
    assert_eq!(
        containers("node { docker.image('x').withRun('--privileged', 'd e') { sh 'b c' } }"),
        [
            json!({"name": "steps", "args": ["b c\n"]}),
            json!({"name": "docker", "args": ["d e\n"], "securityContext": {"privileged": true}}),
        ]
    );
    let inner = one(&in_pod("docker.image('x').inside { container('jnlp') { sh 'b c' } }"));
    assert_eq!(spec(&inner)["containers"][0]["args"], json!(["b c\n"]));
}

#[test]
fn steps_on_other_agents_are_a_part() {
    let part = |scripts: Value| (json!({"containers": [{"name": "steps", "args": scripts}]}), 0);
    let stages = "stages { stage('a') { steps { sh 'b c' } } }";
    for text in [
        "node('x') { sh 'b c' }".to_owned(),
        "node { sh 'b c' }".to_owned(),
        "node(x) { f() }\ndef f() { sh 'b c' }".to_owned(),
        format!("pipeline {{ agent any\n {stages} }}"),
        format!("pipeline {{ agent {{ label 'x' }}\n {stages} }}"),
        format!("pipeline {{ agent {{ node {{ label 'x' }} }}\n {stages} }}"),
    ] {
        assert_eq!(parts(&text), [part(json!(["b c\n"]))], "{text}");
        // The agent itself is told, too.
        assert_eq!(reasons(&pipeline(&text)).len(), 1, "{text}");
    }
    let exported = json!(["export DOCKER_HOST='tcp://d:2375'\n", "b c\n"]);
    let environment = "environment { DOCKER_HOST = 'tcp://d:2375' }";
    for text in [
        format!("pipeline {{ agent any\n {environment}\n {stages} }}"),
        format!("pipeline {{ {environment}\n agent any\n {stages} }}"),
        "node { withEnv(['DOCKER_HOST=tcp://d:2375']) { sh 'b c' } }".to_owned(),
        "withEnv(['DOCKER_HOST=tcp://d:2375']) { node { sh 'b c' } }".to_owned(),
        "node { env.DOCKER_HOST = 'tcp://d:2375'; sh 'b c' }".to_owned(),
    ] {
        assert_eq!(parts(&text), [part(exported.clone())], "{text}");
    }
    // Each agent has its own steps; where there is none, none run.
    let stage =
        |name: &str, agent: &str| format!("stage('{name}') {{ {agent}\n steps {{ sh '{name} b' }} }}");
    let stages = [stage("a", "agent any"), stage("b", "agent any"), stage("c", "")].join("\n");
    let text = format!("pipeline {{ agent none\n stages {{ {stages} }} }}");
    assert_eq!(parts(&text), [part(json!(["a b\n"])), part(json!(["b b\n"]))]);
    assert_eq!(parts("pipeline { agent any }"), []);
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
    // Where nothing asks for an agent, they run in none.
    assert!(pipeline("def f() { sh 'a b' }").subjects.is_empty());
    let script = |step: &str| part(&pod.replace("f()", step), "/containers/0/args");
    assert_eq!(script("sh(x ? 'a b' : 'c d')"), json!(["${x}\n", "a b\n", "c d\n"]));
    assert_eq!(script("sh(script: g(), returnStdout: true)"), json!(["${...}\n"]));
    // What a text is put together of runs where the text stands.
    for text in [
        "echo \"v ${sh(script: 'make', returnStdout: true).trim()}\"",
        "foo(bar: 'v' + sh(script: 'make', returnStdout: true))",
        "foo([\"A=${sh 'make'}\"])",
        "def a = \"${b ? sh('make') : ''}\"",
    ] {
        assert_eq!(script(text), json!(["make\n"]), "{text}");
    }
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

#[test]
fn steps_of_windows_shells_are_commands() {
    let privileged = "docker run --privileged x";
    for (step, wanted) in [
        (format!("bat '{privileged}'"), privileged),
        (format!("bat(script: '{privileged}', returnStdout: true)"), privileged),
        ("bat 'docker run ^\\n--privileged x'".to_owned(), "docker run  --privileged x"),
        ("powershell 'docker run `\\n--privileged x'".to_owned(), "docker run  --privileged x"),
        ("pwsh '$env:DOCKER_HOST = \"tcp://d:2375\"'".to_owned(), "export DOCKER_HOST=\"tcp://d:2375\""),
        ("sh 'a ^\\nb'".to_owned(), "a ^\nb"),
    ] {
        let args = json!([format!("{wanted}\n")]);
        let text = format!("node('x') {{ {step} }}");
        assert_eq!(parts(&text), [(json!({"containers": [{"name": "steps", "args": args}]}), 0)], "{text}");
        assert_eq!(part(&in_pod(&step), "/containers/0/args"), args, "{step}");
    }
    assert_eq!(parts("node { bat(x) }")[0].1, 1);
}

#[test]
fn the_daemon_of_a_block_is_set_by_a_command() {
    let (exported, open) = ("export DOCKER_HOST='tcp://d:2375'\n", "${...}\n");
    let tls = "export DOCKER_TLS_VERIFY='1'\n";
    let args = |text: &str| -> Vec<(Value, Value)> {
        let pods = pipeline(text).subjects;
        pods.iter()
            .map(|one| spec(one)["containers"][0].clone())
            .map(|one| (one["name"].clone(), one["args"].clone()))
            .collect()
    };
    let server = |uri: &str| format!("docker.withServer({uri}) {{ sh 'a b' }}");
    assert_eq!(args(&in_pod(&server("'tcp://d:2375'"))), [(json!("jnlp"), json!([exported, "a b\n"]))]);
    for (given, wanted) in [
        ("'tcp://d:2375', 'key'", json!([tls, exported, "a b\n"])),
        ("x(), 'key'", json!([tls, open, "a b\n"])),
        ("'tcp://d:2375', ''", json!([exported, "a b\n"])),
        ("'tcp://d:2375', x", json!([exported, "a b\n"])),
        ("'tcp://d:2375', x()", json!([exported, "a b\n"])),
    ] {
        assert_eq!(args(&format!("node {{ {} }}", server(given))), [(json!("steps"), wanted)], "{given}");
    }
    assert_eq!(args(&format!("node {{ {} }}", server("x()"))), [(json!("steps"), json!([open, "a b\n"]))]);
    assert_eq!(
        args("node { docker.withServer('tcp://d:2375') { docker.image('x').run('-v /:/h') } }")[1],
        (json!("docker"), json!([exported]))
    );
    // Of Docker's plugin, the controller has the container made in which the steps run.
    let node = |given: &str| format!("dockerNode({given}) {{ sh 'a b' }}");
    let inside = (json!("docker"), json!(["a b\n"]));
    let by = |script: &str| (json!("steps"), json!([script]));
    assert_eq!(args(&node("'x'")), std::slice::from_ref(&inside));
    assert_eq!(args(&node("image: 'x'")), std::slice::from_ref(&inside));
    assert_eq!(args(&node("image: 'x', dockerHost: 'tcp://d:2375'")), [by(exported), inside.clone()]);
    assert_eq!(
        args(&node("image: 'x', dockerHost: 'tcp://d:2375', credentialsId: 'c'")),
        [(json!("steps"), json!([tls, exported])), inside.clone()]
    );
    assert_eq!(args(&node("image: 'x', dockerHost: y")), [by("export DOCKER_HOST='${y}'\n"), inside]);
    let found = pipeline(&node("image: 'x', dockerHost: 'unix:///var/run/docker.sock'"));
    assert_eq!(spec(&found.subjects[1])["containers"][0]["image"], json!("x"));
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/args/0"), "'unix:///var/run/docker.sock'");
    assert_eq!(
        reasons(&found),
        [
            "/dockerNode `dockerNode` runs in a container of Docker's, on the machine of its daemon, and in no pod"
        ]
    );
}

#[test]
fn what_an_image_is_built_with_is_a_command() {
    let scripts = |body: &str| part(&in_pod(body), "/containers/0/args");
    for text in [
        "docker.build('x', '--allow security.insecure .')",
        "def i = docker.build('x', '--allow security.insecure .')",
        "i = docker.build('x', '--allow security.insecure .')",
    ] {
        assert_eq!(scripts(text), json!(["docker build --allow security.insecure .\n"]), "{text}");
    }
    assert_eq!(scripts("docker.build('x', y)"), json!(["docker build ${y}\n"]));
    assert_eq!(
        scripts("docker.build('x', y ? '--a .' : '.')"),
        json!(["docker build ${y}\n", "docker build --a .\n", "docker build .\n"])
    );
    let none = spec(&one(&in_pod("docker.build('x'); build('x', 'y')")));
    assert_eq!(none["containers"][0].get("args"), None);
}
