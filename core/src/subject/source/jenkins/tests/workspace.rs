//! Volumes of the workspace: the folder of the agent, and what only has its name.

use serde_json::{Value, json};

use super::super::super::testing::spec;
use super::pipeline;

/// What is mounted into the container of Docker's.
fn volumes(text: &str) -> Value {
    let found = pipeline(text);
    let specs = found.subjects.iter().map(spec).filter(|spec| spec["containers"][0]["name"] == "docker");
    let volumes: Vec<Value> = specs.map(|spec| spec["volumes"].clone()).collect();
    match volumes.as_slice() {
        [one] => one.clone(),
        _ => panic!("{volumes:?} in {text}"),
    }
}

fn host(path: &str) -> Value {
    json!([{"name": "v0", "hostPath": {"path": path}}])
}

fn none() -> Value {
    json!([{"name": "v0", "emptyDir": {}}])
}

fn inside(options: &str) -> String {
    format!("node {{ docker.image('x').inside({options}) {{ sh 'a b' }} }}")
}

#[test]
fn the_workspace_is_no_place_of_the_node() {
    for options in [
        "\"-v ${WORKSPACE}:/src\"",
        "\"-v ${env.WORKSPACE}/x/y:/src:ro\"",
        "\"-v $WORKSPACE:/src\"",
        "\"-v $env.WORKSPACE:/src\"",
        "\"-v ${pwd()}:/src\"",
        "\"-u 0 -v=${pwd()}/x:/src\"",
        "'--volume $WORKSPACE:/src -w /src'",
        "'--volume=${WORKSPACE}/x:/src'",
        "\"-v '${WORKSPACE}:/src'\"",
        "'-v ' + env.WORKSPACE + ':/src'",
        "\"--mount type=bind,source=${WORKSPACE},target=/src\"",
    ] {
        assert_eq!(volumes(&inside(options)), none(), "{options}");
    }
    for text in [
        "pipeline { agent { docker { image 'x'\n args '-v $WORKSPACE:/src' } }\n stages { stage('a') { steps { sh 'b c' } } } }",
        "node { dir('a/b') { docker.image('x').inside(\"-v ${pwd()}:/src\") { sh 'a b' } } }",
        "node { dir('/a') { docker.image('x').inside(\"-v ${WORKSPACE}:/src\") { sh 'a b' } } }",
        "node { withEnv(['A=b', \"B=${x}\", 'C=$D']) { withDockerContainer(image: 'x', args: \"-v ${WORKSPACE}:/src\") { sh 'a b' } } }",
    ] {
        assert_eq!(volumes(text), none(), "{text}");
    }
}

#[test]
fn what_leads_out_of_the_workspace_is_one() {
    for (options, wanted) in [
        ("\"-v ${WORKSPACE}/../..:/src\"", "${WORKSPACE}/../.."),
        ("\"-v ${pwd()}/..:/src\"", "${pwd}/.."),
        ("\"-v ${WORKSPACE}${X}:/src\"", "${WORKSPACE}${X}"),
        ("\"-v ${WORKSPACE}/${X}:/src\"", "${WORKSPACE}/${X}"),
        ("\"-v ${WORKSPACE}..:/src\"", "${WORKSPACE}.."),
        ("'-v $WORKSPACES:/src'", "$WORKSPACES"),
        ("\"-v ${params.WORKSPACE}:/src\"", "${params.WORKSPACE}"),
        ("\"-v /$WORKSPACE:/src\"", "/${WORKSPACE}"),
        ("\"-v $X:/src\"", "${X}"),
        ("\"-v ${pwd(tmp: true)}:/src\"", "${...}"),
    ] {
        assert_eq!(volumes(&inside(options)), host(wanted), "{options}");
    }
}

#[test]
fn a_workspace_that_is_moved_may_be_any_place() {
    let named = inside("\"-v ${WORKSPACE}:/src\"");
    let from_environment = inside("'-v $WORKSPACE:/src'");
    for more in [
        "env.WORKSPACE = '/'\n",
        "env['WORKSPACE'] = '/'\n",
        "env[x] = '/'\n",
        "env.\"WORK${x}\" = '/'\n",
        "env.put(x, '/')\n",
        "env.put(\"WORK${x}\", '/')\n",
        "WORKSPACE = x()\n",
        "withEnv(['A=b', 'WORKSPACE=/']) { sh 'a b' }\n",
        "withEnv([x + '=/']) { sh 'a b' }\n",
        "withEnv(['A=b', \"WORK${x}=/\"]) { sh 'a b' }\n",
        "withEnv(\"WORK${x}=/\") { sh 'a b' }\n",
        "withEnv(['WORK' + x]) { sh 'a b' }\n",
        "withEnv(x) { sh 'a b' }\n",
        "withEnv(x ? ['A=b'] : y()) { sh 'a b' }\n",
        "node { ws('/') { sh 'a b' } }\n",
        "parameters { string(name: 'WORKSPACE', defaultValue: '/') }\n",
    ] {
        assert_ne!(volumes(&format!("{more}{named}")), none(), "{more}");
        assert_ne!(volumes(&format!("{more}{from_environment}")), none(), "{more}");
    }
    let current = inside("\"-v ${pwd()}:/src\"");
    for more in [
        "def pwd() { '/' }\n",
        "pwd = { '/' }\n",
        "def f(pwd) { g() }\n",
        "def f() { dir('/') { g() } }\n",
        "def f() { dir(path: '../..') { g() } }\n",
        "def f() { dir('C:/') { g() } }\n",
        "def f() { dir(path: 'd:') { g() } }\n",
        "def f() { dir(x) { g() } }\n",
        "node { ws('/') { sh 'a b' } }\n",
    ] {
        assert_ne!(volumes(&format!("{more}{current}")), none(), "{more}");
    }
    assert_ne!(
        volumes("node { dir('C:/') { docker.image('x').inside(\"-v ${pwd()}:/x\") { sh 'a b' } } }"),
        none()
    );
    for text in [
        "def f(WORKSPACE) { docker.image('x').inside(\"-v ${WORKSPACE}:/src\") { sh 'a b' } }",
        "['/'].each { WORKSPACE -> docker.image('x').inside(\"-v ${WORKSPACE}:/src\") { sh 'a b' } }",
        "pipeline { agent { docker { image 'x'\n customWorkspace '/'\n args '-v $WORKSPACE:/src' } }\n stages { stage('a') { steps { sh 'b c' } } } }",
        "pipeline { agent { docker { image 'x'\n args '-v $WORKSPACE:/src' } }\n environment { WORKSPACE = '/' }\n stages { stage('a') { steps { sh 'b c' } } } }",
    ] {
        assert_ne!(volumes(text), none(), "{text}");
    }
    // What the program makes of it is known.
    assert_eq!(volumes(&format!("def WORKSPACE = '/'\n{named}")), host("/"));
}

#[test]
fn long_options_are_read_once() {
    let options = "=$WORKSPACE/".repeat(1 << 16);
    let text = inside(&format!("'{options}'"));
    assert_eq!(volumes(&text), json!(null));
}
